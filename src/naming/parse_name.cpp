#include "naming/parse_name.hpp"

#include <array>

#include "kernel/text/text.hpp"

namespace onewindow::naming {
namespace {

using Wide = std::u32string;
using WideView = std::u32string_view;

// Longer texts are no names; the bound keeps the segmentation cheap on any input.
constexpr std::size_t kCharactersMax = 100;

constexpr std::array<WideView, 4> kVariants{U"（特殊普通合伙）", U"（普通合伙）", U"（有限合伙）",
                                            U"（个人独资）"};
constexpr std::array<WideView, 3> kBranchSuffixes{U"分公司", U"分店", U"分厂"};
constexpr std::array<WideView, 8> kParentEnds{U"有限责任公司",     U"有限公司",     U"股份公司",
                                              U"（特殊普通合伙）", U"（普通合伙）", U"（有限合伙）",
                                              U"（个人独资）",     U"合伙企业"};
constexpr std::array<WideView, 9> kZones{U"高新技术产业开发区",
                                         U"经济技术开发区",
                                         U"综合保税区",
                                         U"经济开发区",
                                         U"高新区",
                                         U"经开区",
                                         U"保税区",
                                         U"开发区",
                                         U"新区"};
std::string Utf8(WideView wide) { return text::FromCodePoints(wide); }

bool TakeSuffix(WideView& rest, WideView suffix) {
    if (!rest.ends_with(suffix)) return false;
    rest.remove_suffix(suffix.size());
    return true;
}

/// Words at the end of a body that name an industry.
struct Industry {
    WideView words;
    std::vector<std::string> classes;
    bool has_class = false;
    bool has_generic = false;
};

/// Whether `words` is a row of phrases from the table; the classes of all of them. Single
/// characters (酒, 茶) are words only as a whole, right before a form like 厂 or 店: elsewhere they
/// are part of a 字号.
bool ReadIndustry(WideView words, bool single_allowed, const NameTables& tables, Industry& out) {
    const std::size_t size = words.size();
    if (size == 0 || (size == 1 && !single_allowed)) return false;
    // came_from[i]: start of the last phrase of a segmentation of words[0, i), the longest one that
    // fits.
    constexpr auto kNowhere = static_cast<std::size_t>(-1);
    std::array<std::size_t, kCharactersMax + 1> came_from;
    std::array<std::int32_t, kCharactersMax + 1> number;
    if (size > kCharactersMax) return false;
    std::fill_n(came_from.begin(), size + 1, kNowhere);
    for (std::size_t start = 0; start < size; ++start) {
        if (start > 0 && came_from[start] == kNowhere) continue;
        tables.industry_trie.EachAt(
            words.substr(start), [&](std::size_t length, std::int32_t found) {
                if ((length == 1 && size != 1) || came_from[start + length] != kNowhere) return;
                came_from[start + length] = start;
                number[start + length] = found;
            });
    }
    if (came_from[size] == kNowhere) return false;
    out = Industry{};
    out.words = words;
    for (std::size_t end = size; end > 0; end = came_from[end]) {
        const IndustryWord& word = tables.industry_list[static_cast<std::size_t>(number[end])];
        out.classes.insert(out.classes.end(), word.classes.begin(), word.classes.end());
        out.has_class |= !word.classes.empty();
        out.has_generic |= word.is_generic;
    }
    return true;
}

/// The longest end of the body that names an industry and leaves a 字号 of two characters.
Industry FindIndustry(WideView body, bool single_allowed, const NameTables& tables) {
    const std::size_t size = body.size();
    if (size < 3 || size > kCharactersMax) return {};
    // fits[i]: body[i, end) is a row of phrases. A single character is one only as the whole of the
    // industry.
    std::array<bool, kCharactersMax + 1> fits{};
    fits[size] = true;
    std::size_t first = size - 1;
    for (std::size_t start = size - 1; start-- > 2;) {
        tables.industry_trie.EachAt(body.substr(start), [&](std::size_t length, std::int32_t) {
            if (length > 1) fits[start] |= fits[start + length];
        });
        if (fits[start]) first = start;
    }
    Industry found;
    return ReadIndustry(body.substr(first), single_allowed, tables, found) ? found : Industry{};
}

/// Finds the divisions that a name starts with: every reading, the longest first.
class RegionReader {
 public:
    RegionReader(WideView text, const RegionNames& regions) : text_(text), regions_(regions) {
        Read(0, {});
        std::stable_sort(readings_.begin(), readings_.end(),
                         [](const Reading& a, const Reading& b) { return a.length > b.length; });
    }

    struct Reading {
        std::size_t length = 0;
        std::vector<RegionElement> elements;
    };
    /// The last one is always the empty reading.
    const std::vector<Reading>& readings() const { return readings_; }

 private:
    static bool IsInside(const std::string& inner, const std::string& outer) {
        if (outer.ends_with("0000")) return inner != outer && inner.starts_with(outer.substr(0, 2));
        return outer.ends_with("00") && inner != outer && inner.starts_with(outer.substr(0, 4));
    }

    void Read(std::size_t at, const std::vector<RegionElement>& before) {
        readings_.push_back({at, before});
        if (before.size() == 3) return;
        for (const RegionMatch& match : regions_.FindAt(text_.substr(at))) Take(match, at, before);
    }

    void Take(const RegionMatch& match, std::size_t at, const std::vector<RegionElement>& before) {
        // A district is called by its short name only after its city.
        if (match.is_district && before.empty()) return;
        RegionElement element{
            .text = Utf8(text_.substr(at, match.length)), .codes = {}, .is_short = match.is_short};
        for (const std::string& code : *match.codes) {
            const bool fits =
                before.empty() ||
                std::any_of(before.back().codes.begin(), before.back().codes.end(),
                            [&](const std::string& outer) { return IsInside(code, outer); });
            if (fits) element.codes.push_back(code);
        }
        if (element.codes.empty()) return;
        auto elements = before;
        elements.push_back(std::move(element));
        Read(at + match.length, elements);
    }

    WideView text_;
    const RegionNames& regions_;
    std::vector<Reading> readings_;
};

class Parser {
 public:
    Parser(const NameTables& tables, const RegionNames& regions, WideView declared_core)
        : tables_(tables), regions_(regions), declared_core_(declared_core) {}

    NameParts Parse(WideView rest) {
        if (TakeBranch(rest)) parts_.parent = Utf8(rest);
        TakeForm(rest);
        TakeGroup(rest);
        Wide joined;
        const std::size_t bracket_at = TakeBrackets(rest, joined);
        ReadRegionAndBody(joined, bracket_at);
        std::sort(parts_.classes.begin(), parts_.classes.end());
        parts_.classes.erase(std::unique(parts_.classes.begin(), parts_.classes.end()),
                             parts_.classes.end());
        return std::move(parts_);
    }

 private:
    /// 红光酒业有限公司 + 历下分公司: cuts behind the last legal form before the suffix (规定 art.
    /// 13).
    bool TakeBranch(WideView& rest) {
        for (const WideView suffix : kBranchSuffixes) {
            if (!rest.ends_with(suffix)) continue;
            std::size_t cut = 0;
            for (const WideView end : kParentEnds) {
                const std::size_t at = rest.rfind(end, rest.size() - suffix.size());
                if (at == WideView::npos || at + end.size() > rest.size() - suffix.size()) continue;
                cut = std::max(cut, at + end.size());
            }
            parts_.branch_suffix = Utf8(cut == 0 ? suffix : rest.substr(cut));
            if (cut == 0) {
                rest.remove_suffix(suffix.size());
                return false;
            }
            rest = rest.substr(0, cut);
            return true;
        }
        return false;
    }

    void TakeForm(WideView& rest) {
        for (const WideView variant : kVariants) {
            if (!TakeSuffix(rest, variant)) continue;
            parts_.variant = Utf8(variant);
            break;
        }
        const Wide backwards(rest.rbegin(), rest.rend());
        std::size_t longest = 0;
        std::int32_t number = 0;
        tables_.form_trie.EachAt(backwards, [&](std::size_t length, std::int32_t found) {
            longest = length;
            number = found;
        });
        if (longest > 0) {
            const FormWord& word = tables_.form_list[static_cast<std::size_t>(number)];
            parts_.form = Utf8(rest.substr(rest.size() - longest));
            parts_.form_kind = word.kind;
            form_classes_ = word.classes;
            rest.remove_suffix(longest);
        }
        parts_.form += parts_.variant;
    }

    void TakeGroup(WideView& rest) {
        parts_.has_group = TakeSuffix(rest, U"（集团）") || TakeSuffix(rest, U"集团");
    }

    /// Takes bracketed texts out; says where the first one stood (size of `joined` before it, or
    /// npos).
    std::size_t TakeBrackets(WideView rest, Wide& joined) {
        std::size_t first = WideView::npos;
        while (true) {
            const std::size_t open = rest.find(U'（');
            const std::size_t close = open == WideView::npos ? open : rest.find(U'）', open);
            if (close == WideView::npos) break;
            joined += rest.substr(0, open);
            if (first == WideView::npos) first = joined.size();
            TakeBracket(rest.substr(open + 1, close - open - 1));
            rest.remove_prefix(close + 1);
        }
        joined += rest;
        return first;
    }

    void TakeBracket(WideView content) {
        const RegionReader reader(content, regions_);
        const auto& longest = reader.readings().front();
        const bool is_region = longest.length > 0 && longest.length == content.size();
        if (is_region && parts_.elements.empty()) {
            parts_.elements = longest.elements;
            parts_.region = Utf8(content);
            parts_.region_in_brackets = true;
        } else {
            parts_.other_brackets.push_back(Utf8(content));
        }
    }

    void ReadRegionAndBody(WideView joined, std::size_t bracket_at) {
        const RegionReader reader(joined, regions_);
        const auto& readings = reader.readings();
        const auto* best = &readings.front();
        // 济南天桥酒业: the district is read as 字号 when otherwise none is left.
        for (const auto& reading : readings) {
            if (reading.length == 0 || !LeavesCore(joined.substr(reading.length))) continue;
            best = &reading;
            break;
        }
        WideView body = joined.substr(best->length);
        if (best->length > 0 && parts_.elements.empty()) {
            parts_.elements = best->elements;
            parts_.region = Utf8(joined.substr(0, best->length));
        } else if (best->length > 0) {
            body = joined;  // Two regions: the bracketed one counts, the other is part of the 字号.
        }
        TakeZone(body);
        const std::size_t taken = joined.size() - body.size();
        const bool after_bracket = bracket_at != WideView::npos && bracket_at > taken;
        SplitBody(body, after_bracket ? bracket_at - taken : WideView::npos);
    }

    bool LeavesCore(WideView body) const {
        const bool declared = !declared_core_.empty() && body.starts_with(declared_core_);
        if (declared) return true;
        Industry industry;
        if (body.size() < 2 || ReadIndustry(body, true, tables_, industry)) return false;
        return true;
    }

    void TakeZone(WideView& body) {
        for (const WideView zone : kZones) {
            if (!body.starts_with(zone)) continue;
            parts_.zone = Utf8(zone);
            parts_.region += parts_.zone;
            body.remove_prefix(zone.size());
            return;
        }
    }

    void SplitBody(WideView body, std::size_t bracket_at) {
        const bool single_allowed = parts_.form_kind == FormKind::kTrade;
        Industry industry;
        industry = FindIndustry(body, single_allowed, tables_);
        if (!declared_core_.empty() && body.starts_with(declared_core_)) {
            const WideView words = body.substr(declared_core_.size());
            parts_.is_core_disputed = !industry.words.empty() && words != industry.words;
            if (!ReadIndustry(words, single_allowed, tables_, industry)) {
                industry = Industry{};
                industry.words = words;
            }
        } else if (industry.words.empty() && bracket_at != WideView::npos &&
                   bracket_at < body.size()) {
            // 红光（北京）甲乙丙有限公司: the bracket stands between 字号 and industry.
            industry.words = body.substr(bracket_at);
        }
        parts_.core = Utf8(body.substr(0, body.size() - industry.words.size()));
        parts_.industry = Utf8(industry.words);
        parts_.classes = std::move(industry.classes);
        parts_.classes.insert(parts_.classes.end(), form_classes_.begin(), form_classes_.end());
        // Words that we do not know are an industry all the same; only 实业, 发展 and nothing are
        // none.
        const bool is_unknown =
            !industry.words.empty() && !industry.has_class && !industry.has_generic;
        Industry modifier;
        const bool is_modifier =
            is_unknown && ReadIndustry(industry.words, true, tables_, modifier);
        parts_.has_no_industry = parts_.classes.empty() && (!is_unknown || is_modifier);
        parts_.is_industry_unknown = is_unknown && !is_modifier;
    }

    const NameTables& tables_;
    const RegionNames& regions_;
    WideView declared_core_;
    std::vector<std::string> form_classes_;
    NameParts parts_;
};

/// Whether the text is Han characters of the first block and full-width brackets only: nothing to
/// normalise. Most names are, and this is many times cheaper than asking ICU.
bool IsPlain(std::string_view name) {
    for (std::size_t i = 0; i < name.size(); i += 3) {
        if (i + 3 > name.size()) return false;
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(name[i + at]); };
        const unsigned first = byte(0), second = byte(1), third = byte(2);
        if ((second & 0xC0U) != 0x80U || (third & 0xC0U) != 0x80U) return false;
        const char32_t character =
            ((first & 0x0FU) << 12U) | ((second & 0x3FU) << 6U) | (third & 0x3FU);
        const bool han = (first & 0xF0U) == 0xE0U && character >= 0x4E00 && character <= 0x9FFF;
        const bool bracket = first == 0xEFU && (character == U'（' || character == U'）');
        if (!han && !bracket) return false;
    }
    return true;
}

/// "·" joins the parts of a foreign name; it distinguishes nothing.
Wide WithoutDots(WideView wide) {
    Wide out;
    std::copy_if(wide.begin(), wide.end(), std::back_inserter(out),
                 [](char32_t character) { return character != U'·' && character != U'・'; });
    return out;
}

bool IsMunicipality(std::string_view code) {
    const auto province = code.substr(0, 2);
    return province == "11" || province == "12" || province == "31" || province == "50";
}

/// 370100 for 370102; 370000 for itself; a municipality is one city.
std::string CityOf(std::string_view code) {
    if (IsMunicipality(code)) return std::string(code.substr(0, 2)) + "0000";
    return std::string(code.substr(0, 4)) + "00";
}

bool IsOnTheWay(std::string_view outer, std::string_view seat) {
    if (outer.size() != 6 || seat.size() != 6) return false;
    if (outer.ends_with("0000")) return seat.starts_with(outer.substr(0, 2));
    if (outer.ends_with("00")) return seat.starts_with(outer.substr(0, 4));
    return outer == seat;
}

}  // namespace

std::string NormaliseName(std::string_view name) {
    if (IsPlain(name)) return std::string(name);
    Wide out;
    for (const char32_t character : text::ToCodePoints(text::Normalise(name))) {
        // NFKC has made the ideographic space a blank and the full-width brackets half-width ones.
        if (character == U' ' || character == U'\t' || character == U'\n' || character == U'\r')
            continue;
        out += character;
    }
    // Once more, because dropping a blank may bring together what composes.
    out = text::ToCodePoints(text::Normalise(text::FromCodePoints(out)));
    std::replace(out.begin(), out.end(), U'(', U'（');
    std::replace(out.begin(), out.end(), U')', U'）');
    return text::FromCodePoints(out);
}

NameParts ParseName(std::string_view name, const NameTables& tables, const RegionNames& regions,
                    std::string_view declared_core) {
    const std::string normal = NormaliseName(name);
    const Wide wide = WithoutDots(text::ToCodePoints(normal));
    const Wide core = WithoutDots(text::ToCodePoints(NormaliseName(declared_core)));
    NameParts parts;
    if (wide.size() <= kCharactersMax) parts = Parser(tables, regions, core).Parse(wide);
    parts.name = normal;
    return parts;
}

std::string RegionCodeOf(const NameParts& parts, std::string_view seat) {
    if (parts.elements.empty()) return "";
    const auto& codes = parts.elements.back().codes;
    for (const auto& code : codes) {
        if (IsOnTheWay(code, seat)) return code;
    }
    return codes.front();
}

std::string ScopeOf(const NameParts& parts, std::string_view authority_code) {
    if (authority_code.size() != 6 || !text::IsDigits(authority_code)) return "";
    const std::string region = RegionCodeOf(parts, authority_code);
    const bool is_provincial = region.empty() || region.ends_with("0000");
    // A branch carries its parent's region; it is compared where it sits.
    if (is_provincial && parts.branch_suffix.empty()) {
        return std::string(authority_code.substr(0, 2)) + "0000";
    }
    return CityOf(authority_code);
}

std::string ProvinceOf(std::string_view scope_code) {
    return std::string(scope_code.substr(0, 2)) + "0000";
}

bool IsUnknownIndustry(std::string_view industry, const NameTables& tables) {
    Industry found;
    return !industry.empty() && !ReadIndustry(text::ToCodePoints(industry), true, tables, found);
}

bool IsIndustryWording(std::string_view text, const NameTables& tables) {
    Industry industry;
    const Wide wide = text::ToCodePoints(text);
    return ReadIndustry(wide, false, tables, industry);
}

}  // namespace onewindow::naming
