/* SPDX-License-Identifier: MIT */
%module(directors="1") bank
%{
#include "bank.h"
int Account::alive;
%}
%include <std_string.i>
%include <std_vector.i>
%include <std_map.i>
%include <exception.i>
%include <typemaps.i>
%feature("director") Account;
%feature("director:except") { if ($error != NULL) throw Swig::DirectorMethodException(); }
%exception {
    try { $action }
    catch (Swig::DirectorException &) { SWIG_fail; }
    catch (std::exception &e) { SWIG_exception(SWIG_RuntimeError, e.what()); }
}
%template(Ints) std::vector<int>;
%template(Words) std::vector<std::string>;
%template(Table) std::map<std::string, int>;
%apply int *OUTPUT { int *whole };
%apply double *OUTPUT { double *rest };
%rename(at) Point::operator[];
%extend Point {
    std::string __repr__() { return "Point(" + std::to_string($self->x) + ", " + std::to_string($self->y) + ")"; }
}
%include "bank.h"
