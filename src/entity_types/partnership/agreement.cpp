#include "entity_types/partnership/agreement.hpp"

#include "application/investors.hpp"
#include "kernel/documents/amount.hpp"

namespace onewindow::entity_types::partnership {
namespace {

using namespace application;
using papers::Heading;
using papers::Line;

bool IsLimited(const json::object& facts) { return json::TextAt(facts, "partnership.kind") == "limited"; }

void AddPartners(std::vector<documents::Paragraph>& out, const json::object& facts) {
    std::size_t number = 1;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string holder = json::TextAt(row, "holder");
        const json::value* person = FindPerson(facts, holder);
        const json::value* organisation = FindOrganisation(facts, holder);
        const std::string seat = person != nullptr ? json::TextAt(*person, "residence")
                                 : organisation != nullptr ? json::TextAt(*organisation, "seat") : "";
        out.push_back(Line("合伙人" + std::to_string(number++) + "：" + HolderName(facts, holder) + (seat.empty() ? "" : "，住所：" + seat) + "，" +
                           (IsGeneral(row) ? "普通合伙人，对合伙企业债务承担无限连带责任" : "有限合伙人，以其认缴的出资额为限对合伙企业债务承担责任") +
                           "，认缴出资" + WanYuan(json::IntAt(row, "amount")) + "万元，出资方式：" +
                           investors::MethodText(json::TextAt(row, "method")) +
                           (json::TextAt(row, "method") == "currency" ? "" : "（评估作价由全体合伙人协商确定）") + "，缴付期限：" +
                           json::TextAt(row, "due") + "。"));
    }
}

void AddLimitedRules(std::vector<documents::Paragraph>& out) {
    out.push_back(Heading("第六章　有限合伙的特别约定"));
    out.push_back(Line("执行事务合伙人由全体合伙人从普通合伙人中选择，应当具有完全民事行为能力；其权限为对外代表本企业、执行合伙事务，违约的依法赔偿本企业和其他合伙人的损失；"
                       "有合伙企业法第四十九条所列情形的，经其他合伙人一致同意除名并另行推举。"));
    out.push_back(Line("有限合伙人不执行合伙事务，不对外代表本企业。有限合伙人入伙须经全体合伙人一致同意并订立书面协议，对入伙前的债务以其认缴的出资额为限承担责任；"
                       "退伙后以其退伙时取回的财产为限承担责任。有限合伙人与普通合伙人相互转变，须经全体合伙人一致同意，责任依照合伙企业法第八十三条、第八十四条确定。"));
}

}  // namespace

bool IsGeneral(const json::value& row) { return json::TextAt(row, "liability") == "unlimited"; }

std::string ExecutivesText(const json::object& facts) {
    std::string text;
    for (const json::value& row : Rows(facts, "investors")) {
        if (!json::BoolAt(row, "executive")) continue;
        const std::string delegate = json::TextAt(row, "delegate");
        text += (text.empty() ? "" : "、") + HolderName(facts, json::TextAt(row, "holder"));
        if (!delegate.empty()) text += "（委派代表：" + PersonName(facts, delegate) + "）";
    }
    return text;
}

PaperDraft Agreement(const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "agreement", .title = wording.name + "合伙协议"};
    auto& out = paper.paragraphs;
    out.push_back(Heading("第一章　总则"));
    out.push_back(Line("全体合伙人依照《中华人民共和国合伙企业法》，遵循自愿、平等、公平、诚实信用原则订立本协议。"));
    out.push_back(Line("名称：" + wording.name));
    out.push_back(Line("主要经营场所：" + wording.place));
    out.push_back(Heading("第二章　合伙目的、经营范围和期限"));
    out.push_back(Line("合伙目的：共同出资、共同经营，依法取得收益。"));
    out.push_back(Line("合伙经营范围：" + wording.scope));
    out.push_back(Line("合伙期限：" + papers::TermText(facts) + "。"));
    out.push_back(Heading("第三章　合伙人和出资"));
    out.push_back(Line("出资总额：人民币" + documents::UpperCaseAmount(wording.capital_fen) + "。"));
    AddPartners(out, facts);
    out.push_back(Heading("第四章　利润分配、亏损分担"));
    out.push_back(Line(json::TextAt(facts, "partnership.profit") == "equal" ? "利润由合伙人平均分配，亏损由合伙人平均分担。"
                                                                             : "利润和亏损由合伙人按照认缴出资比例分配、分担。"));
    out.push_back(Heading("第五章　合伙事务的执行"));
    out.push_back(Line("全体合伙人委托" + ExecutivesText(facts) + "执行合伙事务，对外代表本企业；其他合伙人不再执行合伙事务，有权监督。"
                       "合伙企业法第三十一条所列事项须经全体合伙人一致同意，其余事项实行合伙人一人一票并经全体合伙人过半数通过。"));
    if (IsLimited(facts)) AddLimitedRules(out);
    out.push_back(Heading(IsLimited(facts) ? "第七章　入伙、退伙、争议、解散和违约" : "第六章　入伙、退伙、争议、解散和违约"));
    out.push_back(Line("入伙须经全体合伙人一致同意并订立书面协议；退伙、除名依照合伙企业法第四十五条至第五十四条办理。"));
    out.push_back(Line(json::TextAt(facts, "partnership.disputes") == "arbitration"
                           ? "因本协议发生的争议，协商不成的，提交主要经营场所所在地的仲裁委员会仲裁。"
                           : "因本协议发生的争议，协商不成的，向主要经营场所所在地人民法院起诉。"));
    out.push_back(Line("有合伙企业法第八十五条所列情形的，本企业解散，依照该法第四章清算。合伙人违反本协议的，依法承担违约责任。"));
    out.push_back(Line("本协议经全体合伙人签名、盖章后生效；修改或者补充须经全体合伙人一致同意。"));
    return paper;
}

PaperDraft Delegation(const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "delegation", .title = "执行事务合伙人委托书"};
    auto& out = paper.paragraphs;
    out.push_back(Line("合伙企业：" + wording.name));
    out.push_back(Line("全体合伙人一致同意，委托" + ExecutivesText(facts) + "为执行事务合伙人，对外代表合伙企业，执行合伙事务。"));
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string delegate = json::TextAt(row, "delegate");
        if (!json::BoolAt(row, "executive") || delegate.empty()) continue;
        out.push_back(Line("委派书：" + HolderName(facts, json::TextAt(row, "holder")) + "委派" + PersonName(facts, delegate) +
                           "为其代表，执行合伙事务（合伙企业法第二十六条）。"));
    }
    return paper;
}

}  // namespace onewindow::entity_types::partnership
