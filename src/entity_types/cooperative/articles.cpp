#include "entity_types/cooperative/articles.hpp"

#include "application/investors.hpp"
#include "kernel/documents/amount.hpp"

namespace onewindow::entity_types::cooperative {
namespace {

using namespace application;
using papers::Heading;
using papers::Line;

std::string OrgansText(const json::object& facts) {
    std::string text = "本社设理事长一名，为本社的法定代表人";
    text += Texts(facts, "offices.council").empty() ? "；不设理事会" : "；设理事会，由理事长和理事组成，会议表决实行一人一票";
    const std::string supervision = json::TextAt(facts, "offices.supervision");
    if (supervision == "one") text += "；设执行监事一名";
    else if (supervision == "board") text += "；设监事会，会议表决实行一人一票";
    else text += "；不设执行监事和监事会，财务由成员大会委托审计";
    return text + "。理事长、理事、监事由成员大会从成员中选举产生，每届任期三年，可以连选连任；理事长、理事、经理和财务会计人员不得兼任监事。";
}

}  // namespace

PaperDraft Articles(const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "articles", .title = wording.name + "章程"};
    auto& out = paper.paragraphs;
    out.push_back(Heading("第一章　总则"));
    out.push_back(Line("第一条　依据《中华人民共和国农民专业合作社法》制定本章程。"));
    out.push_back(Line("第二条　名称：" + wording.name + "。住所：" + wording.place + "。"));
    out.push_back(Line("第三条　业务范围：" + wording.scope));
    out.push_back(Line("第四条　本社成员以农民为主体，以服务成员为宗旨，入社自愿、退社自由，成员地位平等，实行民主管理，盈余主要按照成员与本社的交易量（额）比例返还。"));
    out.push_back(Heading("第二章　成员"));
    out.push_back(Line("第五条　具有民事行为能力的公民，以及从事与本社业务直接有关的生产经营活动的企业、事业单位或者社会组织，能够利用本社提供的服务，承认并遵守本章程，"
                       "经成员大会表决通过，可以成为本社成员。具有管理公共事务职能的单位不得加入。"));
    out.push_back(Line("第六条　成员享有农民专业合作社法第二十一条规定的权利，承担第二十三条规定的义务。成员退社的，应当在会计年度终了的三个月前提出书面申请；"
                       "企业、事业单位或者社会组织成员应当在六个月前提出。成员不遵守章程、决议或者严重危害其他成员及本社利益的，经成员大会通过予以除名。"));
    out.push_back(Heading("第三章　组织机构"));
    out.push_back(Line("第七条　成员大会由全体成员组成，是本社的权力机构，每年至少召开一次，出席人数应当达到成员总数三分之二以上；选举和表决实行一人一票制，"
                       "决议由表决权总数过半数通过，修改章程或者合并、分立、解散由三分之二以上通过。不设附加表决权。"));
    out.push_back(Line("第八条　" + OrgansText(facts)));
    out.push_back(Heading("第四章　出资"));
    out.push_back(Line("第九条　成员出资总额为人民币" + documents::UpperCaseAmount(wording.capital_fen) +
                       "，成员的出资方式、出资额见出资清单。成员不得以劳务、信用、自然人姓名、商誉、特许经营权或者设定担保的财产等作价出资。"
                       "出资经成员大会同意可以转让、继承，不得用作担保。"));
    out.push_back(Heading("第五章　财务和盈余分配"));
    out.push_back(Line("第十条　本社为每个成员设立成员账户。可分配盈余按成员与本社的交易量（额）比例返还的总额不低于百分之六十，其余按成员账户记载的出资额和公积金份额等比例分配；"
                       "亏损先以公积金弥补，不足部分由成员以其账户内记载的出资额和公积金份额为限承担。"));
    out.push_back(Heading("第六章　附则"));
    out.push_back(Line("第十一条　章程的修改由成员大会以表决权总数的三分之二以上通过。有农民专业合作社法第四十八条所列情形的，本社解散并依法清算。"));
    out.push_back(Line("第十二条　需要公告的事项通过国家企业信用信息公示系统发布。经营期限：" + papers::TermText(facts) + "。"));
    out.push_back(Line("第十三条　本章程经全体设立人一致通过并签名、盖章后生效。"));
    return paper;
}

PaperDraft Minutes(const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "minutes", .title = wording.name + "设立大会纪要"};
    auto& out = paper.paragraphs;
    std::vector<std::string> members;
    for (const json::value& row : Rows(facts, "investors")) members.push_back(json::TextAt(row, "holder"));
    out.push_back(Line("全体设立人" + std::to_string(members.size()) + "名参加设立大会：" + JoinNames(facts, members) + "。大会一致通过如下事项："));
    out.push_back(Line("一、通过本社章程。"));
    out.push_back(Line("二、选举" + PersonName(facts, json::TextAt(facts, "offices.legal_representative")) + "为理事长（法定代表人）。"));
    const std::string council = JoinNames(facts, Texts(facts, "offices.council"));
    out.push_back(Line(council.empty() ? "三、不设理事会。" : "三、选举" + council + "为理事。"));
    const std::string supervisors = JoinNames(facts, Texts(facts, "offices.supervisors"));
    out.push_back(Line(supervisors.empty() ? "四、不设执行监事和监事会。" : "四、选举" + supervisors + "为监事。"));
    const std::string manager = PersonName(facts, json::TextAt(facts, "offices.manager"));
    if (!manager.empty()) out.push_back(Line("五、聘任" + manager + "为经理。"));
    return paper;
}

PaperDraft Contributions(const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "contributions", .title = wording.name + "成员出资清单"};
    auto& out = paper.paragraphs;
    out.push_back(Line("成员出资总额：人民币" + documents::UpperCaseAmount(wording.capital_fen) + "（" + WanYuan(wording.capital_fen) + "万元）。"));
    for (const json::value& row : Rows(facts, "investors")) {
        const std::int64_t amount = json::IntAt(row, "amount");
        if (amount == 0) continue;
        out.push_back(Line(HolderName(facts, json::TextAt(row, "holder")) + "，出资方式：" + investors::MethodText(json::TextAt(row, "method")) +
                           "，出资额：" + WanYuan(amount) + "万元。"));
    }
    return paper;
}

PaperDraft Register(const json::object& facts, const LicenceWording& wording) {
    PaperDraft paper{.id = "register", .title = wording.name + "成员名册"};
    auto& out = paper.paragraphs;
    const json::array& rows = Rows(facts, "investors");
    const auto farmers = std::count_if(rows.begin(), rows.end(), [](const json::value& row) { return json::BoolAt(row, "farmer"); });
    out.push_back(Line("成员总数" + std::to_string(rows.size()) + "名，其中农民成员" + std::to_string(farmers) + "名。"));
    for (const json::value& row : rows) {
        const std::string holder = json::TextAt(row, "holder");
        const bool organisation = FindOrganisation(facts, holder) != nullptr;
        out.push_back(Line(HolderName(facts, holder) + "（" + (organisation ? "企业、事业单位或者社会组织成员" : json::BoolAt(row, "farmer") ? "农民成员" : "非农民成员") + "）"));
    }
    out.push_back(Line("法定代表人声明：成员名册真实，农民成员不少于成员总数的百分之八十（农民专业合作社法第二十条）。"));
    return paper;
}

}  // namespace onewindow::entity_types::cooperative
