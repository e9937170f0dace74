#pragma once

#include "application/sections.hpp"

// Papers that every kind of business needs, and small helpers to write others.
namespace onewindow::application::papers {

documents::Paragraph Heading(std::string text);
documents::Paragraph Line(std::string text);

/// 登记（备案）申请书: the registered and filed facts; documents of identity, residence and mobile stand on the separate page
/// (2026 form rules).
PaperDraft ApplicationForm(const Context& context, const json::object& facts, const LicenceWording& wording);
/// 实名登记确认 and the separate page of personal details.
PaperDraft PersonalDetails(const json::object& facts);
/// 住所（经营场所）申报承诺书 and the promise on 许可 items (山东省 2024 办法).
PaperDraft Commitment(const Context& context, const json::object& facts, const LicenceWording& wording);

/// The family's consent where its property is brought in or it works along; `text` says to what.
PaperDraft FamilyConsent(const json::object& facts, const LicenceWording& wording, std::string text);
/// "长期", "20年"
std::string TermText(const json::object& facts);

}  // namespace onewindow::application::papers
