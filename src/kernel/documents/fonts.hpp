#pragma once

#include <pango/pango.h>

#include <string>
#include <string_view>
#include <vector>

#include "kernel/documents/page.hpp"

// Which font draws which character: decided here, never left to fontconfig's substitution.
namespace onewindow::documents {

/// Refuses kRendering unless both Noto CJK families are installed, regular and bold.
Result<void> CheckFonts();

/// A stretch of UTF-8 bytes that one font draws.
struct FontRun {
    std::size_t begin = 0, end = 0;
    const char* family = nullptr;  // Null: no installed font has the character.
    bool bold = false;             // False in fonts that have no bold cut.
};

/// Splits valid UTF-8 into runs: the face's own font, else the other Noto face, else a Hanazono
/// font for rare characters. Each character without any font is a run of its own.
std::vector<FontRun> ChooseFonts(std::string_view text, Face face, bool bold);

/// A layout context of this thread: sizes are points, metrics are not hinted.
PangoContext* ThreadContext();

}  // namespace onewindow::documents
