#pragma once

#include <string>
#include <string_view>

namespace onewindow::identity {

/// One spelling of a document, so that one human is one record: blanks and full-width forms folded,
/// capitals, and a citizen's number of 15 digits (before 1999) as the 18 digits that GB 11643-1999
/// made of it.
std::string CanonicalIdNumber(std::string_view id_type, std::string_view id_number);

/// The check character of 17 digits: ISO 7064 MOD 11-2 (GB 11643).
char CheckCharacterMod11(std::string_view digits);

}  // namespace onewindow::identity
