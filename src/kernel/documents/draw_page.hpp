#pragma once

#include <cairo.h>

#include "kernel/documents/page.hpp"

namespace onewindow::documents {

/// Draws the page's items in their order; the unit of `cairo` is a point. Texts must be valid UTF-8
/// without missing glyphs.
Result<void> DrawPage(cairo_t* cairo, const Page& page);

}  // namespace onewindow::documents
