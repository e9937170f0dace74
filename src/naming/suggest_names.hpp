#pragma once

#include <string>
#include <vector>

#include "naming/check_name.hpp"
#include "naming/engine/name_index.hpp"

namespace onewindow::naming {

struct Suggestion {
    std::string name = {};
    std::string core = {};
    int distance = 0;  // From the wish: small is near.
};

/// Names near the wish in sound or sense that pass: no rule of structure, no word, nothing same and
/// nothing similar stands against them. Each was examined by the index; whoever holds one examines
/// it again. At most `wanted`, the nearest first, every 字号 different. The same wish and index
/// give the same names.
std::vector<Suggestion> SuggestNames(engine::NameIndex& index, const NamingContext& context,
                                     Date today, const NameRequest& wish, std::size_t wanted = 24);

}  // namespace onewindow::naming
