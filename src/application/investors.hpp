#pragma once

#include "application/sections.hpp"

// What every kind of business with several investors derives and checks: shares, sums, who may be served here, the
// exemption from naming beneficial owners.
namespace onewindow::application::investors {

/// Shares in basis points that sum to 100 %: the largest remainders get the missing points.
void DeriveShares(json::object& facts);
/// Five years from today where no date was given: what 公司法 47 allows at most, and a usual term elsewhere.
void DeriveDue(const Context& context, json::object& facts);
/// Known holders, each once; contributions that add up to the capital.
void CheckAmounts(const json::object& facts, std::vector<Fault>& faults);
/// Foreign investors and majorities of provincial state capital belong to other authorities: named with place and phone
/// (实施细则 4; domain.md J15).
void CheckServedHere(const Context& context, const json::object& facts, std::vector<Fault>& faults);
bool OnlyNaturalPersons(const json::object& facts);
/// 受益所有人信息管理办法 3: capital up to 10 million yuan, natural persons only; the third condition is the applicant's word.
void DeriveExemption(json::object& facts);
void CheckExemption(const json::object& facts, std::vector<Fault>& faults);
/// "货币"
std::string MethodText(std::string_view method);

}  // namespace onewindow::application::investors
