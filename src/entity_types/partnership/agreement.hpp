#pragma once

#include "application/papers.hpp"

// 合伙协议 and what goes with it.
namespace onewindow::entity_types::partnership {

/// Is the row of investors[] a general partner's (unlimited liability)?
bool IsGeneral(const json::value& row);
/// "甲有限公司（委派代表：张三）、李四"
std::string ExecutivesText(const json::object& facts);

/// The agreement with the contents of 合伙企业法 18 and, for a limited one, 63.
application::PaperDraft Agreement(const json::object& facts, const application::LicenceWording& wording);
/// 全体合伙人委托执行事务合伙人的委托书; with the appointment of the delegates of organisations (委派书).
application::PaperDraft Delegation(const json::object& facts, const application::LicenceWording& wording);

}  // namespace onewindow::entity_types::partnership
