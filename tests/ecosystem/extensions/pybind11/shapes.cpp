/* SPDX-License-Identifier: MIT
 *
 * A class that Python may subclass and whose methods C++ calls, containers both ways, exceptions,
 * buffers, enumerations.
 */
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>

namespace py = pybind11;

struct Shape {
    int size;
    explicit Shape(int s) : size(s) {}
    virtual ~Shape() = default;
    virtual int area(int scale) const { return size * scale; }
};

struct PyShape : Shape {
    using Shape::Shape;
    int area(int scale) const override { PYBIND11_OVERRIDE(int, Shape, area, scale); }
};

struct Grid {
    std::vector<float> cells;
    size_t rows, columns;
};

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Colour { red = 1, green = 2 };

PYBIND11_MODULE(shapes, m)
{
    py::class_<Shape, PyShape, std::shared_ptr<Shape>>(m, "Shape", py::dynamic_attr())
        .def(py::init<int>(), py::arg("size") = 1)
        .def("area", &Shape::area, py::arg("scale") = 1)
        .def_readwrite("size", &Shape::size)
        .def("__repr__", [](const Shape &s) { return "Shape(" + std::to_string(s.size) + ")"; })
        .def("__add__", [](const Shape &a,
                           const Shape &b) { return std::make_shared<Shape>(a.size + b.size); })
        .def(py::pickle([](const Shape &s) { return py::make_tuple(s.size); },
                        [](py::tuple t) { return std::make_shared<Shape>(t[0].cast<int>()); }));
    py::class_<Grid>(m, "Grid", py::buffer_protocol())
        .def(py::init([](size_t r, size_t c) {
            return Grid{std::vector<float>(r * c, 1.5f), r, c};
        }))
        .def_buffer([](Grid &g) {
            return py::buffer_info(g.cells.data(), sizeof(float),
                                   py::format_descriptor<float>::format(), 2, {g.rows, g.columns},
                                   {sizeof(float) * g.columns, sizeof(float)});
        });
    py::enum_<Colour>(m, "Colour")
        .value("red", Colour::red)
        .value("green", Colour::green)
        .export_values();
    py::register_exception<Failure>(m, "Failure", PyExc_ArithmeticError);
    m.def("total", [](const std::vector<std::shared_ptr<Shape>> &all) {
        int sum = 0;
        for (auto &s : all)
            sum += s->area(2);
        return sum;
    });
    m.def("swap", [](std::map<std::string, int> d) {
        std::map<int, std::string> r;
        for (auto &kv : d)
            r[kv.second] = kv.first;
        return r;
    });
    m.def("apply", [](const std::function<int(int)> &f, int n) { return f(f(n)); });
    m.def("optional",
          [](std::optional<int> v) { return v ? py::object(py::int_(*v + 1)) : py::none(); });
    m.def("fail", [](int how) {
        if (how == 0)
            throw Failure("own");
        if (how == 1)
            throw std::out_of_range("index");
        throw py::key_error("key");
    });
    m.def("keywords",
          [](py::args args, py::kwargs kwargs) { return py::make_tuple(py::len(args), kwargs); });
    m.def("caught", [](py::function f) {
        try {
            return py::str(f());
        } catch (py::error_already_set &e) {
            return py::str(e.matches(PyExc_ValueError) ? "value error" : "other");
        }
    });
}
