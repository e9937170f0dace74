#pragma once

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <glib-object.h>
#include <pango/pango.h>

#include <memory>

// Owners for the C libraries' objects.
namespace onewindow::documents {

template <auto kRelease>
struct Releaser {
    template <class T>
    void operator()(T* object) const {
        kRelease(object);
    }
};

template <class T, auto kRelease>
using Handle = std::unique_ptr<T, Releaser<kRelease>>;

using SurfaceHandle = Handle<cairo_surface_t, cairo_surface_destroy>;
using CairoHandle = Handle<cairo_t, cairo_destroy>;
using FontOptionsHandle = Handle<cairo_font_options_t, cairo_font_options_destroy>;
using PatternHandle = Handle<FcPattern, FcPatternDestroy>;
using LayoutHandle = Handle<PangoLayout, g_object_unref>;
using ContextHandle = Handle<PangoContext, g_object_unref>;
using FontMapHandle = Handle<PangoFontMap, g_object_unref>;
using DescriptionHandle = Handle<PangoFontDescription, pango_font_description_free>;
using AttributesHandle = Handle<PangoAttrList, pango_attr_list_unref>;
using IteratorHandle = Handle<PangoLayoutIter, pango_layout_iter_free>;

}  // namespace onewindow::documents
