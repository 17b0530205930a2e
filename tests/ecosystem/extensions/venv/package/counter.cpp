// SPDX-License-Identifier: MIT
#include <map>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace py = pybind11;
using Counts = std::map<char, int>;

struct Counter {
    Counts counts;
    int total = 0;
    explicit Counter(const std::string &s) { add(s, 1); }
    void add(const std::string &s, int times)
    {
        for (char c : s) {
            counts[c] += times;
            total += times;
        }
    }
};

PYBIND11_MODULE(counter, m)
{
    m.def("count", [](const std::string &s) { return Counter(s).counts; });
    py::class_<Counter>(m, "Counter")
        .def(py::init<const std::string &>(), py::arg("text"))
        .def("add", &Counter::add, py::arg("text"), py::arg("times") = 1)
        .def_readonly("total", &Counter::total)
        .def("__iter__", [](Counter &c) { return py::make_key_iterator(c.counts.begin(), c.counts.end()); },
             py::keep_alive<0, 1>())
        .def("__eq__", [](const Counter &a, const Counter &b) { return a.counts == b.counts; })
        .def("__repr__", [](const Counter &c) { return "<Counter of " + std::to_string(c.total) + ">"; });
}
