#pragma once

#include <string>

#include "kernel/documents/page.hpp"

// The face of the licence in the layout of 2019 (国市监注〔2018〕253号; items by 实施细则 23).
namespace onewindow::licence {

/// What is printed; labels come from the entity type.
struct Face {
    std::string uscc, name, type_text, person_label, person, capital_label, capital_text,
        place_label, place, scope;
    std::string authority_name;
    std::string date;     // 成立日期 and the date of issue: "2026年11月23日" (条例 21).
    std::string qr;       // Link with token.
    std::string created;  // Of the file; ISO 8601.
    bool demo = true;     // 样本 everywhere, and an imprint that says so.
};

/// 正本: A3 landscape, 420 × 297 mm.
documents::Document MakeOriginal(const Face& face);
/// 副本: A4 landscape, 297 × 210 mm, with the notice of the annual report.
documents::Document MakeDuplicate(const Face& face);

}  // namespace onewindow::licence
