#pragma once

#include "kernel/api/api.hpp"
#include "reference/reference.hpp"

namespace onewindow::reference {

/// Public look-ups that a form needs: divisions, scope items, halls, makers, branches, codes, deadlines.
void AddRoutes(api::Router& router, const Store& store);

}  // namespace onewindow::reference
