#include "licence/pool.hpp"

#include "kernel/text/text.hpp"
#include "licence/queries.gen.hpp"
#include "licence/reasons.hpp"

namespace onewindow::licence {
namespace {

// GB 32100-2015, table 3: no I, O, S, V, Z.
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::size_t kBodySize = 8;

/// How many numbers fit behind a prefix.
std::int64_t Capacity(std::string_view prefix) {
    std::int64_t capacity = 1;
    for (std::size_t i = prefix.size(); i < kBodySize; ++i)
        capacity *= static_cast<std::int64_t>(kAlphabet.size());
    return capacity;
}

}  // namespace

std::string BodyOf(std::string_view prefix, std::int64_t number) {
    if (prefix.size() >= kBodySize || number < 0 || number >= Capacity(prefix)) return {};
    std::string body(prefix);
    body.resize(kBodySize, kAlphabet[0]);
    for (std::size_t i = kBodySize; number > 0;
         number /= static_cast<std::int64_t>(kAlphabet.size())) {
        body[--i] = kAlphabet[static_cast<std::size_t>(
            number % static_cast<std::int64_t>(kAlphabet.size()))];
    }
    return body;
}

Result<> AddPoolBlock(db::Transaction& tx, std::string_view authority, std::string_view prefix,
                      std::int64_t from, std::int64_t until) {
    const bool readable = prefix.size() >= 2 && prefix.size() < kBodySize &&
                          prefix.starts_with('M') &&
                          prefix.find_first_not_of(kAlphabet) == std::string_view::npos;
    if (!readable || from < 0 || from >= until || until > Capacity(prefix))
        return Refuse(reasons::kBlockMalformed, "block");
    OW_CHECK(tx.Execute(queries::kOpenPool, authority));
    OW_TRY(const auto overlap, tx.FindOne(queries::kFindOverlap, prefix, from, until));
    if (overlap)
        return Refuse(reasons::kBlockOverlaps, "block",
                      {{"authority", overlap->Text("authority")}});
    OW_CHECK(tx.Execute(queries::kInsertBlock, prefix, from, until, from, authority));
    return {};
}

Result<> StartPoolGeneration(db::Transaction& tx, std::string_view authority) {
    OW_CHECK(tx.Execute(queries::kOpenPool, authority));
    OW_CHECK(tx.Execute(queries::kRaiseGeneration, authority));
    return {};
}

Result<> SeedDemoPools(db::Transaction& tx, const reference::Snapshot& reference) {
    // Each authority's place follows from its own code, so that new authorities move nobody's
    // block.
    constexpr std::int64_t kSize = 20'000;
    for (const auto& [code, authority] : reference.records().authorities) {
        OW_TRY(const std::int64_t left, CountPool(tx, code));
        if (left > 0) continue;
        if (code.size() != 6 || !text::IsDigits(code))
            return Refuse(reasons::kAuthorityUnknown, code);
        const std::int64_t place = std::stoll(code) % 10'000;
        const auto added = AddPoolBlock(tx, code, "MX", place * kSize, (place + 1) * kSize);
        if (!added && !added.error().Is(reasons::kBlockOverlaps)) return Failure(added.error());
    }
    return {};
}

Result<std::int64_t> CountPool(db::Transaction& tx, std::string_view authority) {
    OW_TRY(const auto row, tx.FindOne(queries::kCountLeft, authority));
    return row ? row->Int("numbers") : 0;
}

Result<PoolNumber> TakeNumber(db::Transaction& tx, std::string_view authority) {
    for (;;) {
        OW_TRY(const auto block, tx.FindOne(queries::kFindBlock, authority));
        if (!block) return Refuse(reasons::kPoolEmpty, "", {{"authority", std::string(authority)}});
        OW_TRY(const auto taken,
               tx.FindOne(queries::kTakeNumber, block->Text("prefix"), block->Int("from_number")));
        if (!taken) continue;  // Others emptied the block while we waited for its row.
        PoolNumber number{
            .prefix = block->Text("prefix"), .number = taken->Int("number"), .body = {}};
        number.body = BodyOf(number.prefix, number.number);
        return number;
    }
}

}  // namespace onewindow::licence
