#pragma once

#include <cstdint>
#include <string>

namespace onewindow::documents {

/// An amount of fen in upper-case Chinese numerals, as papers and licences print it: 壹佰万元整,
/// 壹拾万零伍佰元整, 叁佰贰拾伍元零肆分. Rules: 支付结算办法 annex 1
/// (正确填写票据和结算凭证的基本规定). Where they leave a choice: 整 closes an amount that ends in
/// 角, so that nothing can be added behind it, and 零 is not written after a group or 元 if the
/// next digit is not zero. A negative amount starts with 负.
std::string UpperCaseAmount(std::int64_t fen);

}  // namespace onewindow::documents
