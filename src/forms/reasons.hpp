#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::forms::reasons {

inline constexpr Reason kUnknownSection{"forms.unknown_section", Kind::kRefused};
inline constexpr Reason kUnknownField{"forms.unknown_field", Kind::kRefused};
inline constexpr Reason kNotAsked{"forms.not_asked", Kind::kRefused};
inline constexpr Reason kMissing{"forms.missing", Kind::kRefused, "市场主体登记管理条例 16"};
inline constexpr Reason kWrongType{"forms.wrong_type", Kind::kRefused};
inline constexpr Reason kTooShort{"forms.too_short", Kind::kRefused};
inline constexpr Reason kTooLong{"forms.too_long", Kind::kRefused};
inline constexpr Reason kTooSmall{"forms.too_small", Kind::kRefused};
inline constexpr Reason kTooLarge{"forms.too_large", Kind::kRefused};
inline constexpr Reason kTooFewRows{"forms.too_few_rows", Kind::kRefused};
inline constexpr Reason kTooManyRows{"forms.too_many_rows", Kind::kRefused};
inline constexpr Reason kCharacters{"forms.characters", Kind::kRefused};
inline constexpr Reason kHanzi{"forms.hanzi", Kind::kRefused, "居民身份证法 4"};
inline constexpr Reason kIdNumber{"forms.id_number", Kind::kRefused, "GB 11643"};
inline constexpr Reason kMobile{"forms.mobile", Kind::kRefused};
inline constexpr Reason kPhone{"forms.phone", Kind::kRefused};
inline constexpr Reason kEmail{"forms.email", Kind::kRefused, "RFC 5321"};
inline constexpr Reason kPostcode{"forms.postcode", Kind::kRefused};
inline constexpr Reason kDate{"forms.date", Kind::kRefused};
inline constexpr Reason kChoice{"forms.choice", Kind::kRefused};
inline constexpr Reason kUnknownCode{"forms.unknown_code", Kind::kRefused};
inline constexpr Reason kUnknownPerson{"forms.unknown_person", Kind::kRefused};
inline constexpr Reason kDuplicateKey{"forms.duplicate_key", Kind::kRefused};
inline constexpr Reason kUscc{"forms.uscc", Kind::kRefused, "GB 32100-2015"};

}  // namespace onewindow::forms::reasons
