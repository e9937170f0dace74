#include "kernel/documents/fonts.hpp"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include "kernel/documents/handles.hpp"

namespace onewindow::documents {
namespace {

constexpr std::size_t kCodePoints = 0x110000;

bool HasFamily(const FcPattern* pattern, std::string_view family) {
    FcChar8* name = nullptr;
    for (int i = 0; FcPatternGetString(pattern, FC_FAMILY, i, &name) == FcResultMatch; ++i) {
        if (reinterpret_cast<const char*>(name) == family) return true;
    }
    return false;
}

bool IsBold(const FcPattern* pattern) {
    int weight = 0;
    FcPatternGetInteger(pattern, FC_WEIGHT, 0, &weight);
    return weight >= FC_WEIGHT_SEMIBOLD;
}

/// Which characters an installed font has, by code point; empty if the font is absent.
std::vector<bool> FindCoverage(const char* family, bool bold) {
    PatternHandle wanted(FcPatternCreate());
    FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
    FcPatternAddInteger(wanted.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
    FcDefaultSubstitute(wanted.get());
    FcResult outcome = FcResultNoMatch;
    const PatternHandle found(FcFontMatch(nullptr, wanted.get(), &outcome));
    // Fontconfig always answers with some font; only the one we asked for counts.
    if (!found || !HasFamily(found.get(), family) || IsBold(found.get()) != bold) return {};
    FcCharSet* characters = nullptr;  // Belongs to the pattern.
    if (FcPatternGetCharSet(found.get(), FC_CHARSET, 0, &characters) != FcResultMatch) return {};

    std::vector<bool> coverage(kCodePoints);
    FcChar32 map[FC_CHARSET_MAP_SIZE] = {}, next = 0;
    for (auto base = FcCharSetFirstPage(characters, map, &next); base != FC_CHARSET_DONE;
         base = FcCharSetNextPage(characters, map, &next)) {
        for (std::size_t bit = 0; bit < FC_CHARSET_MAP_SIZE * 32; ++bit) {
            if (map[bit / 32] >> (bit % 32) & 1) coverage.at(base + bit) = true;
        }
    }
    return coverage;
}

struct Font {
    const char* family;
    bool bold;
    std::vector<bool> coverage;
    Font(const char* name, bool is_bold)
        : family(name), bold(is_bold), coverage(FindCoverage(name, is_bold)) {}

    bool Has(gunichar character) const {
        return character < coverage.size() && coverage[character];
    }
};

constexpr const char* kSerifFamily = "Noto Serif CJK SC";
constexpr const char* kSansFamily = "Noto Sans CJK SC";

/// Loaded once for all threads and only read from then on.
struct FontSet {
    Font serif{kSerifFamily, false}, serif_bold{kSerifFamily, true};
    Font sans{kSansFamily, false}, sans_bold{kSansFamily, true};
    // Characters of names beyond 通用规范汉字表; these fonts have no bold cut.
    Font rare_a{"HanaMinA", false}, rare_b{"HanaMinB", false};

    std::array<const Font*, 4> Chain(Face face, bool bold) const {
        const Font* own_serif = bold ? &serif_bold : &serif;
        const Font* own_sans = bold ? &sans_bold : &sans;
        if (face == Face::kSans) std::swap(own_serif, own_sans);
        return {own_serif, own_sans, &rare_a, &rare_b};
    }
};

const FontSet& Fonts() {
    // Never destroyed: threads may still draw while the process ends.
    static const FontSet& fonts = *new FontSet();
    return fonts;
}

/// Characters that are drawn as nothing, or belong to the glyph before them.
bool IsInvisible(gunichar character) {
    return character == '\n' || (character >= 0x200B && character <= 0x200D) ||
           character == 0x2060 || character == 0xFEFF ||
           (character >= 0xFE00 && character <= 0xFE0F) ||
           (character >= 0xE0100 && character <= 0xE01EF);
}

}  // namespace

Result<void> CheckFonts() {
    const auto& fonts = Fonts();
    for (const auto* font : {&fonts.serif, &fonts.serif_bold, &fonts.sans, &fonts.sans_bold}) {
        if (!font->coverage.empty()) continue;
        return Fail(Error(Fault{.reason = &reasons::kRendering})
                        .WithDetail(fmt::format("font not installed: {}{}", font->family,
                                                font->bold ? " Bold" : "")));
    }
    return {};
}

std::vector<FontRun> ChooseFonts(std::string_view text, Face face, bool bold) {
    const auto chain = Fonts().Chain(face, bold);
    std::vector<FontRun> runs;
    for (std::size_t at = 0; at < text.size();) {
        const auto* here = text.data() + at;
        const auto character = g_utf8_get_char(here);
        const auto end = at + static_cast<std::size_t>(g_utf8_next_char(here) - here);
        const bool invisible = IsInvisible(character);
        const auto font = std::find_if(chain.begin(), chain.end(), [&](const Font* candidate) {
            return invisible || candidate->Has(character);
        });
        FontRun run{.begin = at, .end = end};
        if (font != chain.end()) {
            run.family = (*font)->family;
            run.bold = (*font)->bold;
        }
        const bool joins =
            !runs.empty() && runs.back().family && (invisible || runs.back().family == run.family);
        if (joins)
            runs.back().end = end;
        else
            runs.push_back(run);
        at = end;
    }
    return runs;
}

PangoContext* ThreadContext() {
    // A font map is not safe to share between threads, and costs too much to make for a document.
    struct Fresh {
        FontMapHandle map{pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)};
        ContextHandle context{pango_font_map_create_context(map.get())};
        Fresh() {
            // Points in, points out: nothing is rounded to the pixels of a screen.
            pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map.get()), 72);
            FontOptionsHandle options(cairo_font_options_create());
            cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
            cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
            cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
            pango_cairo_context_set_font_options(context.get(), options.get());
            pango_context_set_round_glyph_positions(context.get(), FALSE);
            pango_context_set_language(context.get(), pango_language_from_string("zh-cn"));
        }
    };
    thread_local Fresh fresh;
    return fresh.context.get();
}

}  // namespace onewindow::documents
