// SPDX-License-Identifier: MIT
// What is wrapped: classes with an overridable method, containers, overloads, exceptions, arrays, callbacks.
#pragma once
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

struct Point {
    double x = 0, y = 0;
    Point(double x = 0, double y = 0) : x(x), y(y) {}
    Point operator+(const Point &o) const { return Point(x + o.x, y + o.y); }
    bool operator==(const Point &o) const { return x == o.x && y == o.y; }
    double operator[](int i) const { return i ? y : x; }
};

class Account {
public:
    static int alive;
    const std::string owner;
    explicit Account(std::string owner, long balance = 0) : owner(owner), balance_(balance) { alive++; }
    virtual ~Account() { alive--; }
    virtual long fee(long amount) const { return amount / 100; }
    virtual std::string kind() const { return "plain"; }
    void withdraw(long amount)
    {
        long all = amount + fee(amount);
        if (all > balance_)
            throw std::runtime_error(owner + " lacks " + std::to_string(all - balance_));
        balance_ -= all;
    }
    long balance() const { return balance_; }
private:
    long balance_;
};

enum Colour { RED, GREEN = 5, BLUE };
inline std::string name(Colour c) { return c == RED ? "red" : c == GREEN ? "green" : "blue"; }
inline std::string kind_of(int) { return "int"; }
inline std::string kind_of(double) { return "double"; }
inline std::string kind_of(const std::string &) { return "string"; }
inline std::string kind_of(const Account *a) { return a ? a->kind() : "none"; }
inline std::vector<int> squares(const std::vector<int> &v)
{
    std::vector<int> out;
    for (int i : v)
        out.push_back(i * i);
    return out;
}
inline std::map<std::string, int> lengths(const std::vector<std::string> &words)
{
    std::map<std::string, int> out;
    for (auto &w : words)
        out[w] = (int)w.size();
    return out;
}
inline void split(double v, int *whole, double *rest) { *whole = (int)v; *rest = v - *whole; }
