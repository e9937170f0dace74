#pragma once

#include "application/papers.hpp"

// What the founding meeting of a cooperative adopts and signs.
namespace onewindow::entity_types::cooperative {

/// Articles with the contents of 农民专业合作社法 15.
application::PaperDraft Articles(const json::object& facts, const application::LicenceWording& wording);
/// 设立大会纪要 (14, 16(2)).
application::PaperDraft Minutes(const json::object& facts, const application::LicenceWording& wording);
/// 出资清单 (16(5)).
application::PaperDraft Contributions(const json::object& facts, const application::LicenceWording& wording);
/// 成员名册 (19, 20).
application::PaperDraft Register(const json::object& facts, const application::LicenceWording& wording);

}  // namespace onewindow::entity_types::cooperative
