#include "application/papers.hpp"

#include "kernel/documents/amount.hpp"

namespace onewindow::application::papers {
namespace {

std::string DocumentKind(std::string_view id_type) {
    if (id_type == "hk_macao_permit") return "港澳居民来往内地通行证";
    if (id_type == "taiwan_permit") return "台湾居民来往大陆通行证";
    if (id_type == "foreign_permanent_id") return "外国人永久居留身份证";
    if (id_type == "passport") return "护照";
    return "居民身份证";
}

std::string OwnershipText(std::string_view ownership) {
    if (ownership == "own") return "自有";
    if (ownership == "lease") return "租赁";
    if (ownership == "free_use") return "无偿使用";
    return "其他";
}

std::string RelationText(std::string_view relation) {
    if (relation == "spouse") return "配偶";
    if (relation == "parent") return "父母";
    if (relation == "child") return "子女";
    if (relation == "sibling") return "兄弟姐妹";
    return "其他家庭成员";
}

void AddOffice(std::vector<documents::Paragraph>& out, const json::object& facts, std::string_view field, std::string_view title) {
    const std::string one = json::TextAt(facts, "offices." + std::string(field));
    if (!one.empty()) out.push_back(Line(std::string(title) + "：" + PersonName(facts, one)));
    for (const std::string& key : Texts(facts, "offices." + std::string(field))) {
        out.push_back(Line(std::string(title) + "：" + PersonName(facts, key)));
    }
}

}  // namespace

documents::Paragraph Heading(std::string text) { return {.text = std::move(text), .heading = 2}; }
documents::Paragraph Line(std::string text) { return {.text = std::move(text)}; }

PaperDraft ApplicationForm(const Context& context, const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "application", .title = "经营主体设立登记（备案）申请书"};
    auto& out = paper.paragraphs;
    out.push_back(Heading("一、登记事项"));
    out.push_back(Line("名称：" + wording.name));
    out.push_back(Line("类型：" + wording.type_text));
    out.push_back(Line(wording.person_label + "：" + wording.person));
    if (!wording.capital_label.empty()) {
        out.push_back(Line(wording.capital_label + "：" + documents::UpperCaseAmount(wording.capital_fen) + "（" +
                           WanYuan(wording.capital_fen) + "万元）"));
    }
    out.push_back(Line(wording.place_label + "：" + wording.place));
    out.push_back(Line("经营范围：" + wording.scope));
    out.push_back(Heading("二、备案事项"));
    if (json::Find(facts, "term") != nullptr) out.push_back(Line("经营期限：" + TermText(facts)));
    AddOffice(out, facts, "directors", "董事");
    AddOffice(out, facts, "chair", "董事长");
    AddOffice(out, facts, "council", "理事");
    AddOffice(out, facts, "manager", "经理");
    AddOffice(out, facts, "supervisors", "监事");
    AddOffice(out, facts, "audit_committee", "审计委员会成员");
    AddOffice(out, facts, "finance", "财务负责人");
    AddOffice(out, facts, "contact", "登记联络员");
    std::size_t number = 1;
    for (const json::value& row : Rows(facts, "investors")) {
        std::string text = "出资人" + std::to_string(number++) + "：" + HolderName(facts, json::TextAt(row, "holder")) + "，认缴" +
                           WanYuan(json::IntAt(row, "amount")) + "万元";
        if (const std::string due = json::TextAt(row, "due"); !due.empty()) text += "，出资期限" + due;
        if (const std::string liability = json::TextAt(row, "liability"); !liability.empty()) {
            text += liability == "limited" ? "，以认缴的出资额为限承担责任" : "，承担无限连带责任";
        }
        out.push_back(Line(text));
    }
    for (const json::value& row : Rows(facts, "family_members")) {
        out.push_back(Line("家庭成员：" + PersonName(facts, json::TextAt(row, "person")) + "（" +
                           RelationText(json::TextAt(row, "relation")) + "）"));
    }
    out.push_back(Heading("三、申请人声明"));
    std::string statement = "申请人对申请材料的真实性、合法性和有效性负责（市场主体登记管理条例第十七条）";
    if (!json::TextAt(facts, "name.full").empty()) {
        statement += "，所用名称系自主申报，已知悉并承担与他人企业名称近似而侵犯他人合法权益的法律责任（企业名称登记管理规定第十六条）";
    }
    out.push_back(Line(statement + "。"));
    out.push_back(Line("登记数据所依据的政策版本：" + context.reference.policy_version()));
    return paper;
}

PaperDraft PersonalDetails(const json::object& facts) {
    PaperDraft paper{.id = "personal_details", .title = "人员信息页（实名登记确认）"};
    for (const json::value& person : Rows(facts, "people")) {
        paper.paragraphs.push_back(Heading(json::TextAt(person, "name")));
        paper.paragraphs.push_back(Line("证件类型：" + DocumentKind(json::TextAt(person, "id_type"))));
        paper.paragraphs.push_back(Line("证件号码：" + json::TextAt(person, "id_number")));
        paper.paragraphs.push_back(Line("移动电话：" + json::TextAt(person, "mobile")));
        paper.paragraphs.push_back(Line("住址：" + json::TextAt(person, "residence")));
    }
    paper.paragraphs.push_back(Line("以上人员均已通过实名验证，本页不公示。"));
    return paper;
}

PaperDraft Commitment(const Context& context, const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "commitment", .title = "住所（经营场所）申报承诺书"};
    auto& out = paper.paragraphs;
    out.push_back(Line("申报单位：" + wording.name));
    out.push_back(Line(wording.place_label + "：" + wording.place));
    out.push_back(Line("使用方式：" + OwnershipText(json::TextAt(facts, "address.ownership"))));
    out.push_back(Line("本申请人承诺：一、对该场所拥有合法使用权；二、该场所符合法定用途和安全使用要求；三、租赁的，租赁合同真实有效；"
                       "四、通过该地址能够联系到本单位，地址变更及时办理登记；五、从事许可经营项目的，取得许可后方开展经营活动。"));
    for (const std::string& id : Texts(facts, "scope.items")) {
        const reference::ScopeItem* item = context.reference.FindScopeItem(id);
        if (item != nullptr && item->licensed) {
            out.push_back(Line("许可经营项目“" + item->text + "”：须取得" + item->permit + "（" + item->department + "）。"));
        }
    }
    return paper;
}

PaperDraft FamilyConsent(const json::object& facts, const LicenceWording& wording, std::string text) {
    PaperDraft paper{.id = "family_consent", .title = "家庭成员声明"};
    auto& out = paper.paragraphs;
    out.push_back(Line("申报单位：" + wording.name));
    out.push_back(Line(std::move(text)));
    for (const json::value& row : Rows(facts, "family_members")) {
        out.push_back(Line(PersonName(facts, json::TextAt(row, "person")) + "，系" + wording.person_label + wording.person + "的" +
                           RelationText(json::TextAt(row, "relation")) + "。"));
    }
    return paper;
}

std::string TermText(const json::object& facts) {
    if (json::TextAt(facts, "term.kind") != "years") return "长期";
    return std::to_string(json::IntAt(facts, "term.years")) + "年";
}

}  // namespace onewindow::application::papers
