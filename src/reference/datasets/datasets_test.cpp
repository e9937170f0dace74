// Goal: nothing wrong is stored, nothing stored changes, and a case keeps the data that it started
// with.

#include "reference/datasets/datasets.hpp"

#include <gtest/gtest.h>

#include "kernel/messages/messages.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

Date D(std::string_view text) { return *ParseDate(text); }

DatasetFacts Facts(std::string name, std::string_view from) {
    return {.name = std::move(name),
            .valid_from = D(from),
            .origin = "official",
            .citation = "国办发明电〔2026〕1号",
            .imported_by = "admin"};
}

constexpr std::string_view kNotice2027 =
    "date\tkind\tname\tstatus\tsource\n"
    "2027-01-01\toff\t元旦\tofficial\thttps://www.gov.cn/\n"
    "2027-01-02\twork\t元旦\tofficial\thttps://www.gov.cn/\n";

TEST(Datasets, EveryFaultIsToldWithItsLine) {
    const auto wrong = PrepareDataset(Facts("calendar", "2027-01-01"),
                                      "# a remark\r\n"
                                      "date\tkind\tname\tstatus\tsource\r\n"
                                      "2027-02-30\toff\t元旦\tofficial\tx\r\n"
                                      "2027-01-02\tfree\t\tofficial\tx\r\n"
                                      "2027-01-03\toff\t元旦\n"
                                      "2027-01-04\toff\t元旦\tofficial\tx\n"
                                      "2027-01-04\toff\t元旦\tofficial\tx");
    ASSERT_FALSE(wrong);
    std::vector<std::string> found;
    for (const Fault& fault : wrong.error().faults()) {
        found.push_back(fault.field + " " + std::string(fault.code()));
    }
    EXPECT_EQ(found, (std::vector<std::string>{
                         "5.cells reference.dataset_cells",
                         "3.date reference.dataset_value",
                         "4.kind reference.dataset_value",
                         "4.name reference.dataset_value",
                         "7.date reference.dataset_duplicate",
                     }));
}

TEST(Datasets, RefusesWhatIsNoTable) {
    const auto prepare = [](std::string content) {
        return PrepareDataset(Facts("enterprise_types", "2027-01-01"), std::move(content));
    };
    EXPECT_REFUSED(prepare(""), reasons::kDatasetEmpty);
    EXPECT_REFUSED(prepare("code\tname\n"), reasons::kDatasetEmpty);
    EXPECT_REFUSED(prepare("code\n1100\n"), reasons::kDatasetColumns);
    EXPECT_REFUSED(prepare("code\tname\tcolour\n"), reasons::kDatasetColumns);
    EXPECT_REFUSED(prepare("code\tname\n1100\t\xFF\n"), reasons::kDatasetEncoding);
    EXPECT_REFUSED(PrepareDataset(Facts("planets", "2027-01-01"), "x"), reasons::kDatasetUnknown);
    EXPECT_TRUE(prepare("\xEF\xBB\xBFname\tcode\n有限责任公司\t1100\n"));
    EXPECT_TRUE(PrepareDataset(Facts("closures", "2027-01-01"),
                               "hall\tdate\treason\tdecided_by\tconfirmed_by\torigin\n"));
}

TEST(Datasets, RefusesWithoutOriginOrPeriod) {
    DatasetFacts facts = Facts("calendar", "2027-01-01");
    facts.valid_until = D("2026-12-31");
    EXPECT_REFUSED(PrepareDataset(facts, std::string(kNotice2027)), reasons::kDatasetPeriod);
    facts = Facts("calendar", "2027-01-01");
    facts.origin = "hearsay";
    EXPECT_REFUSED(PrepareDataset(facts, std::string(kNotice2027)), reasons::kDatasetOrigin);
    facts = Facts("calendar", "2027-01-01");
    facts.citation = "";
    EXPECT_REFUSED(PrepareDataset(facts, std::string(kNotice2027)), reasons::kDatasetOrigin);
}

TEST(Datasets, RowsObeyTheirOwnRules) {
    const auto refused = [](std::string name, std::string content, const Reason& reason) {
        EXPECT_REFUSED(PrepareDataset(Facts(std::move(name), "2027-01-01"), std::move(content)),
                       reason);
    };
    refused("branches",
            "cnaps\tbank\tname\tcity\tdistrict\taddress\tphone\tslots\torigin\n"
            "313451000018\t齐鲁银行\tx\t370100\t370102\tx\t1\t8\tdemo\n",
            reasons::kBankCheck);
    refused("closures",
            "hall\tdate\treason\tdecided_by\tconfirmed_by\torigin\n"
            "H370102\t2026-11-23\t停电\t甲\t甲\tofficial\n",
            reasons::kDatasetValue);
    refused("routing",
            "entity_type\towner\tlevel\tserved\ttext_zh\ttext_en\tcitation\n"
            "joint_stock_company\tany\tcity\tno\t\t\t细则 4\n",
            reasons::kDatasetValue);
    refused("rates",
            "city\titem\tvalue\tvalid_from\tvalid_until\torigin\tcitation\n"
            "370100\tpension_unit\t1600\t2026-01-01\t\tofficial\tx\n"
            "370100\tpension_unit\t1500\t2026-06-01\t\tofficial\tx\n",
            reasons::kDatasetDuplicate);
}

TEST(Datasets, ThePolicyVersionDependsOnContentAndNotOnOrder) {
    const DatasetVersion a{"a", 1, "11"}, b{"b", 1, "22"}, b2{"b", 1, "23"};
    EXPECT_EQ(PolicyVersionOf({a, b}), PolicyVersionOf({b, a}));
    EXPECT_NE(PolicyVersionOf({a, b}), PolicyVersionOf({a, b2}));
    EXPECT_EQ(PolicyVersionOf({a, b}).size(), 17u);
}

class DatasetStorage : public testing::BothEngines {
 protected:
    void SeedAll() {
        const auto seed = SeedDatasets();
        ASSERT_OK(seed);
        const auto added = database().Write(
            [&](db::Transaction& tx) { return SeedReference(tx, *seed, clock_.Now()); });
        ASSERT_OK(added);
        EXPECT_EQ(*added, static_cast<int>(DatasetKinds().size()));
    }
    Result<std::int64_t> ImportText(const DatasetFacts& facts, std::string_view content) {
        OW_TRY(const Dataset dataset, PrepareDataset(facts, std::string(content)));
        return database().Write(
            [&](db::Transaction& tx) { return Import(tx, dataset, clock_.Now()); });
    }
    Result<SnapshotPointer> On(std::string_view date) {
        return database().Read([&](db::Transaction& tx) { return store_.On(tx, D(date)); });
    }
    Store store_;
};
OW_BOTH_ENGINES(DatasetStorage);

TEST_P(DatasetStorage, SeedsOnceAndGivesTheBuiltInData) {
    SeedAll();
    const auto snapshot = On("2026-11-23");
    ASSERT_OK(snapshot);
    EXPECT_EQ((*snapshot)->policy_version(), SeedSnapshot()->policy_version());
    EXPECT_EQ((*snapshot)->FullDivisionName("370102"), "山东省济南市历下区");
    const auto again = database().Write(
        [&](db::Transaction& tx) { return SeedReference(tx, *SeedDatasets(), clock_.Now()); });
    ASSERT_OK(again);
    EXPECT_EQ(*again, 0);
    EXPECT_EQ(On("2026-11-23").value(), *snapshot);  // The same object: read once.
    EXPECT_EQ(store_.Current(), *snapshot);
}

TEST_P(DatasetStorage, IsRefusedWhereDataAreMissing) {
    EXPECT_REFUSED(On("2026-11-23"), reasons::kDatasetMissing);
    SeedAll();
    EXPECT_REFUSED(On("2019-12-31"), reasons::kDatasetMissing);
}

TEST_P(DatasetStorage, AnImportHoldsFromItsDayAndCasesKeepTheirs) {
    SeedAll();
    const SnapshotPointer started = On("2026-11-23").value();
    ASSERT_OK(database().Write(
        [&](db::Transaction& tx) { return KeepPolicy(tx, *started, clock_.Now()); }));
    ASSERT_OK(database().Write(
        [&](db::Transaction& tx) { return KeepPolicy(tx, *started, clock_.Now()); }));

    const auto version = ImportText(Facts("calendar", "2026-12-01"), kNotice2027);
    ASSERT_OK(version);
    EXPECT_EQ(*version, 2);
    EXPECT_EQ(On("2026-11-30").value()->policy_version(), started->policy_version());
    const SnapshotPointer later = On("2026-12-01").value();
    EXPECT_EQ(later->calendar().version(), "calendar@2");
    EXPECT_TRUE(later->calendar().IsWorkday(D("2027-01-02")));
    EXPECT_FALSE(later->calendar().IsProvisional(D("2027-01-02")));

    // A process that never saw the old data reads what the case kept.
    const Store fresh;
    const auto kept = database().Read(
        [&](db::Transaction& tx) { return fresh.OfVersion(tx, started->policy_version()); });
    ASSERT_OK(kept);
    EXPECT_EQ((*kept)->policy_version(), started->policy_version());
    EXPECT_TRUE((*kept)->calendar().IsProvisional(D("2027-01-02")));
    EXPECT_REFUSED(database().Read([&](db::Transaction& tx) { return fresh.OfVersion(tx, "P0"); }),
                   reasons::kPolicyUnknown);
}

TEST_P(DatasetStorage, NothingIsStoredThatContradictsTheRest) {
    SeedAll();
    const std::string before = On("2026-11-23").value()->policy_version();
    EXPECT_REFUSED(ImportText(Facts("closures", "2026-11-01"),
                              "hall\tdate\treason\tdecided_by\tconfirmed_by\torigin\n"
                              "H000000\t2026-11-24\t停电\t甲\t乙\tofficial\n"),
                   reasons::kDatasetReference);
    // Halls and makers stand in divisions that this list leaves out.
    EXPECT_REFUSED(
        ImportText(Facts("divisions", "2026-11-01"),
                   "code\tname\tlevel\tparent\tbasis\n370000\t山东省\tprovince\t\tstandard\n"),
        reasons::kDatasetReference);
    EXPECT_EQ(On("2026-11-23").value()->policy_version(), before);
}

TEST_P(DatasetStorage, AClosureStopsTheHallsClock) {
    SeedAll();
    ASSERT_OK(ImportText(Facts("closures", "2026-11-01"),
                         "hall\tdate\treason\tdecided_by\tconfirmed_by\torigin\n"
                         "H370102\t2026-11-24\t停电\t甲\t乙\tofficial\n"));
    const SnapshotPointer snapshot = On("2026-11-23").value();
    const HallHours* hours = snapshot->FindHours("H370102");
    ASSERT_NE(hours, nullptr);
    EXPECT_EQ(
        FormatInstant(
            snapshot->calendar().AddWorkdays(*hours, *ParseInstant("2026-11-23 10:00"), 1).at),
        "2026-11-25T17:00:00+08:00");
    EXPECT_FALSE(snapshot->FindHours("H370103")->closed.contains(D("2026-11-24")));
}

TEST_P(DatasetStorage, ANewSeedReplacesAnOldSeedButNeverAnImport) {
    SeedAll();
    const std::string couriers =
        "id\tname\tdays_city\tdays_province\tphone\torigin\nems\tEMS\t1\t2\t11183\tdemo\n";
    const std::string types = "code\tname\n1100\t有限责任公司\n";
    ASSERT_OK(ImportText(Facts("couriers", "2026-01-01"), couriers));
    auto newer = *SeedDatasets();
    for (Dataset& dataset : newer) {
        DatasetFacts facts = dataset.facts;
        if (facts.name == "couriers")
            dataset = *PrepareDataset(facts, couriers + "b\tB\t1\t2\t1\tdemo\n");
        if (facts.name == "enterprise_types") dataset = *PrepareDataset(facts, types);
    }
    const auto added = database().Write(
        [&](db::Transaction& tx) { return SeedReference(tx, newer, clock_.Now()); });
    ASSERT_OK(added);
    EXPECT_EQ(*added, 1);
    const SnapshotPointer today = On("2026-11-23").value(), yesterday = On("2026-11-22").value();
    EXPECT_EQ(today->records().couriers.size(), 1u);
    EXPECT_EQ(today->records().enterprise_types.size(), 1u);
    EXPECT_GT(yesterday->records().enterprise_types.size(), 1u);
}

}  // namespace
}  // namespace onewindow::reference
