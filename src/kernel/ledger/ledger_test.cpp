// Goal: leaves are numbered without gaps however many sequence at once; every event proves itself,
// at every size; destroyed salts leave the proofs whole; whatever is changed in the tables, Check
// names it.

#include "kernel/ledger/ledger.hpp"

#include <atomic>
#include <thread>

#include "kernel/crypto/crypto.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::ledger {
namespace {

const std::string kAuthority = "370102", kOther = "370103";

std::string EventOf(int number) { return "{\"event\":" + std::to_string(number) + "}"; }
std::string IdOf(int number) { return fmt::format("e-{:05}", number); }

class Ledger : public testing::BothEngines {
 protected:
    Result<> AppendTo(std::string_view authority, int number) {
        const Commitment commitment = Commit(random_, EventOf(number));
        return database().Write([&](db::Transaction& tx) {
            return Append(tx, clock_, authority, IdOf(number), commitment);
        });
    }
    /// Appends events [begin, end) and numbers them.
    void Fill(int begin, int end) {
        ASSERT_OK(database().Write([&](db::Transaction& tx) -> Result<> {
            for (int i = begin; i < end; ++i) {
                OW_CHECK(Append(tx, clock_, kAuthority, IdOf(i), Commit(random_, EventOf(i))));
            }
            return {};
        }));
        const auto numbered = Sequence(database());
        ASSERT_OK(numbered);
        EXPECT_EQ(*numbered, end - begin);
    }
    Result<Proof> ProveEvent(int number, std::optional<std::size_t> size = {}) {
        return database().Read([&](db::Transaction& tx) { return Prove(tx, IdOf(number), size); });
    }
    Result<Head> HeadNow() {
        return database().Read([&](db::Transaction& tx) { return GetHead(tx, kAuthority); });
    }
    Report CheckNow(std::string_view authority = kAuthority) {
        auto report = database().Read([&](db::Transaction& tx) { return Check(tx, authority); });
        OW_ASSERT(report.has_value());
        return *std::move(report);
    }
    static bool Holds(const Proof& proof) {
        return VerifyInclusion(crypto::Sm3, LeafHash(crypto::Sm3, proof.commitment), proof.index,
                               proof.head.size, proof.path, proof.head.root);
    }
};

TEST(Commitment, OpensForItsEventOnly) {
    SeededRandom random(1);
    const Commitment commitment = Commit(random, EventOf(1));
    EXPECT_EQ(commitment.digest, crypto::Sm3(commitment.salt + EventOf(1)));
    EXPECT_TRUE(Opens(commitment.digest, commitment.salt, EventOf(1)));
    EXPECT_FALSE(Opens(commitment.digest, commitment.salt, EventOf(2)));
    EXPECT_FALSE(Opens(commitment.digest, commitment.salt + "{", EventOf(1).substr(1)));
    EXPECT_NE(Commit(random, EventOf(1)).digest, commitment.digest);
}

TEST_P(Ledger, IsEmptyAtFirst) {
    const auto head = HeadNow();
    ASSERT_OK(head);
    EXPECT_EQ(head->size, 0U);
    EXPECT_EQ(head->root, crypto::Sm3(""));
    EXPECT_EQ(*Sequence(database()), 0);
    EXPECT_TRUE(CheckNow().faults.empty());
}

TEST_P(Ledger, AnEventProvesItselfOnceItIsNumbered) {
    EXPECT_REFUSED(ProveEvent(0), reasons::kUnknownEvent);
    ASSERT_OK(AppendTo(kAuthority, 0));
    EXPECT_REFUSED(ProveEvent(0), reasons::kNotNumbered);
    EXPECT_EQ(*Sequence(database()), 1);
    EXPECT_EQ(*Sequence(database()), 0);
    const auto proof = ProveEvent(0);
    ASSERT_OK(proof);
    EXPECT_TRUE(Holds(*proof));
    EXPECT_EQ(proof->head.authority, kAuthority);
    EXPECT_TRUE(Opens(proof->commitment, *proof->salt, EventOf(0)));
    EXPECT_REFUSED(AppendTo(kAuthority, 0), db::reasons::kConstraint);
    EXPECT_REFUSED(ProveEvent(0, 0), reasons::kNoSuchSize);
    EXPECT_REFUSED(ProveEvent(0, 2), reasons::kNoSuchSize);
}

TEST_P(Ledger, AnUndoneCauseLeavesNoLeaf) {
    const Commitment commitment = Commit(random_, EventOf(0));
    const auto undone = database().Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(Append(tx, clock_, kAuthority, IdOf(0), commitment));
        return Refuse(reasons::kRaced);
    });
    EXPECT_REFUSED(undone, reasons::kRaced);
    EXPECT_EQ(*Sequence(database()), 0);
}

TEST_P(Ledger, EveryEventProvesItselfAtEverySize) {
    std::vector<Head> heads = {*HeadNow()};
    // Numbered one, two, three … at a time: each batch begins on another frontier.
    for (int begin = 0, count = 1; begin < 21; begin += count++) {
        Fill(begin, begin + count);
        heads.push_back(*HeadNow());
    }
    const std::size_t size = heads.back().size;
    ASSERT_EQ(size, 21U);
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t at = i + 1; at <= size; ++at) {
            const auto proof = ProveEvent(static_cast<int>(i), at);
            ASSERT_OK(proof);
            EXPECT_EQ(proof->index, i);
            EXPECT_TRUE(Holds(*proof)) << i << " at " << at;
        }
    }
    for (const Head& first : heads) {
        for (const Head& second : heads) {
            const auto proof = database().Read([&](db::Transaction& tx) {
                return ProveConsistency(tx, kAuthority, first.size, second.size);
            });
            if (first.size > second.size) {
                EXPECT_REFUSED(proof, reasons::kNoSuchSize);
                continue;
            }
            ASSERT_OK(proof);
            EXPECT_TRUE(VerifyConsistency(crypto::Sm3, first.size, second.size, first.root,
                                          second.root, *proof));
        }
    }
    const Report report = CheckNow();
    EXPECT_TRUE(report.faults.empty());
    EXPECT_EQ(report.head.root, heads.back().root);
}

TEST_P(Ledger, NumbersMoreThanOneBatchAndPage) {
    Fill(0, 1100);
    const Report report = CheckNow();
    EXPECT_TRUE(report.faults.empty());
    EXPECT_EQ(report.head.size, 1100U);
    EXPECT_EQ(report.head.root, HeadNow()->root);
    EXPECT_TRUE(Holds(*ProveEvent(1023)));
    EXPECT_TRUE(Holds(*ProveEvent(1099)));
}

TEST_P(Ledger, ManySequencersLeaveNoGap) {
    constexpr int kWriters = 3, kEach = 20;
    std::atomic<int> writing{kWriters}, numbered{0}, refused{0};
    std::vector<std::thread> threads;
    for (int writer = 0; writer < kWriters; ++writer) {
        threads.emplace_back([&, writer] {
            SeededRandom random(static_cast<std::uint64_t>(writer) + 100);
            for (int i = 0; i < kEach; ++i) {
                const int number = writer * kEach + i;
                const Commitment commitment = Commit(random, EventOf(number));
                const auto done = database().Write([&](db::Transaction& tx) {
                    return Append(tx, clock_, i % 2 == 0 ? kAuthority : kOther, IdOf(number),
                                  commitment);
                });
                if (!done) ++refused;
            }
            --writing;
        });
    }
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            while (writing > 0) {
                const auto done = Sequence(database());
                if (done) {
                    numbered += *done;
                } else {
                    ++refused;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    numbered += *Sequence(database());
    EXPECT_EQ(refused, 0);
    EXPECT_EQ(numbered, kWriters * kEach);
    for (const std::string& authority : {kAuthority, kOther}) {
        const Report report = CheckNow(authority);
        EXPECT_TRUE(report.faults.empty());
        EXPECT_EQ(report.head.size, 30U);
    }
    for (int i = 0; i < kWriters * kEach; ++i) EXPECT_TRUE(Holds(*ProveEvent(i)));
}

TEST_P(Ledger, ADestroyedSaltLeavesTheProof) {
    Fill(0, 5);
    const std::string root = HeadNow()->root;
    ASSERT_OK(database().Write([&](db::Transaction& tx) { return DestroySalt(tx, IdOf(2)); }));
    const auto proof = ProveEvent(2);
    ASSERT_OK(proof);
    EXPECT_FALSE(proof->salt.has_value());
    EXPECT_TRUE(Holds(*proof));
    EXPECT_EQ(proof->head.root, root);
    EXPECT_TRUE(CheckNow().faults.empty());
}

TEST_P(Ledger, CheckNamesWhatWasChanged) {
    struct Case {
        std::string_view sql;
        const Reason& reason;
    };
    const Case cases[] = {
        {"UPDATE ledger_leaf SET commitment = (SELECT commitment FROM ledger_leaf WHERE position = "
         "1) "
         "WHERE position = 3",
         reasons::kNodeDiffers},
        {"DELETE FROM ledger_node WHERE level = 2", reasons::kNodeDiffers},
        {"UPDATE ledger_node SET hash = (SELECT commitment FROM ledger_leaf WHERE position = 0) "
         "WHERE level = 1 "
         "AND last_leaf = 1",
         reasons::kNodeDiffers},
        {"UPDATE ledger_leaf SET position = NULL WHERE position = 2", reasons::kLeafMissing},
        {"UPDATE ledger_leaf SET position = 99 WHERE position = 6", reasons::kLeafMissing},
        {"UPDATE ledger_shard SET size = 6", reasons::kSizeDiffers},
        {"UPDATE ledger_shard SET size = 8", reasons::kLeafMissing},
        {"INSERT INTO ledger_node SELECT authority, 50, 1, hash FROM ledger_node WHERE last_leaf = "
         "1",
         reasons::kSizeDiffers},
    };
    for (const Case& attack : cases) {
        testing::FreshDatabase fresh(GetParam());
        ASSERT_OK(fresh->Write([&](db::Transaction& tx) -> Result<> {
            for (int i = 0; i < 7; ++i) {
                OW_CHECK(Append(tx, clock_, kAuthority, IdOf(i), Commit(random_, EventOf(i))));
            }
            return {};
        }));
        ASSERT_OK(Sequence(*fresh));
        // What only somebody with the database's password can do.
        const db::Query query{"ledger.tamper", attack.sql};
        const auto changed = fresh->Write([&](db::Transaction& tx) { return tx.Execute(query); });
        ASSERT_OK(changed);
        ASSERT_EQ(*changed, 1) << attack.sql;
        const auto report = fresh->Read([&](db::Transaction& tx) { return Check(tx, kAuthority); });
        ASSERT_OK(report);
        ASSERT_FALSE(report->faults.empty()) << attack.sql;
        EXPECT_EQ(report->faults.front().code(), attack.reason.code) << attack.sql;
    }
}

OW_BOTH_ENGINES(Ledger);

}  // namespace
}  // namespace onewindow::ledger
