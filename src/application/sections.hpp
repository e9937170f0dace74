#pragma once

#include <optional>
#include <string>

#include "application/entity_type.hpp"

// Sections of the form that several entity types share. One fact is asked once, whoever needs it.
namespace onewindow::application::sections {

forms::Section Name(bool required);
/// 住所 (主要经营场所, 经营场所): down to the street, then free text; declared, not proven (山东省 2024 办法 4–6).
forms::Section Address();
forms::Section Scope();
/// Approvals for 前置 items (实施细则 22).
forms::Section Approvals();
/// 注册资本, 出资额: fen.
forms::Section Capital();
forms::Section Term();
forms::Section People(std::int64_t most);
forms::Section Organisations(std::int64_t most);
/// Who puts in how much, how, until when.
forms::Section Investors(std::int64_t most, std::vector<std::string> methods);
/// Offices of a company; defaults fit one founder in all offices without supervisor (公司法 75, 83).
forms::Section CompanyOffices();
/// `head` names who stands for the business ("investor", "operator", "head"); with 财务负责人 and 联络员, of types without
/// organs. HeadOf knows these names.
forms::Section SimpleOffices(std::string head);
/// Relatives who bring in the family's property or work along; they sign.
forms::Section FamilyMembers(forms::Condition asked);
forms::Section BeneficialOwners();
forms::Section Employees();
forms::Section Founder();
forms::Section Delivery();

}  // namespace onewindow::application::sections

namespace onewindow::application {

/// The person with this key in people[], or nullptr.
const json::value* FindPerson(const json::object& facts, std::string_view key);
std::string PersonName(const json::object& facts, std::string_view key);
const json::value* FindOrganisation(const json::object& facts, std::string_view key);
/// Name of a person or organisation by key.
std::string HolderName(const json::object& facts, std::string_view key);
/// Rows of a repeated section; empty if absent.
const json::array& Rows(const json::object& facts, std::string_view section);
std::vector<std::string> Texts(const json::object& facts, std::string_view path);
/// Key in people[] of the human who stands for the business: 法定代表人, 投资人, 经营者, 负责人, or the first 执行事务合伙人
/// (its 委派代表 if it is an organisation). Whose name seal is cut, who receives the kit. Empty while unknown.
std::string HeadOf(const json::object& facts);
/// "张三、李四"
std::string JoinNames(const json::object& facts, const std::vector<std::string>& keys);
/// "山东省济南市历下区解放路街道1号"
std::string FullAddress(const Context& context, const json::object& facts);
/// The composed licence sentence; empty while items are unknown.
std::string ScopeSentence(const Context& context, const json::object& facts);
/// Keys, birth date and sex from resident ids, main scope item, the city's main postcode, phone, hall; what every type
/// derives first.
void DeriveCommon(const Context& context, json::object& facts);
/// 财务负责人, 联络员 and the receiver of post = HeadOf, where nothing was given and the head is known.
void DeriveFromHead(json::object& facts);
/// Fills `path` with the only person where nothing was given and just one is there.
void DefaultToOnlyPerson(json::object& facts, std::string_view path, bool list = false);
/// Fen as 万元 with up to six decimals: "50", "0.5".
std::string WanYuan(std::int64_t fen);

/// 前置 items with their approvals, every person and organisation once; what every type checks.
void CheckCommon(const Context& context, const json::object& facts, std::vector<Fault>& faults);
/// Age and capacity by role (公司法 178; 民法典 17–20; domain.md J11).
void CheckAdult(const Context& context, const json::object& facts, std::string_view person, const std::string& field,
                std::vector<Fault>& faults);
/// Whole years of age today, nothing where the birth date is unknown (documents without one).
std::optional<int> AgeOf(const Context& context, const json::object& facts, std::string_view person);
/// Family members: not the head, each once, old enough to sign.
void CheckFamily(const Context& context, const json::object& facts, std::string_view head, int age_min,
                 std::vector<Fault>& faults);

}  // namespace onewindow::application
