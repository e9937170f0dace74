// Goal: the typed reader reports every fault with its path, and schema, reader and writer agree.

#include "kernel/json/described.hpp"

#include <gtest/gtest.h>

#include "kernel/testing/expect_refused.hpp"

namespace onewindow::json {
namespace {

enum class Colour { kRed, kDarkBlue };
BOOST_DESCRIBE_ENUM(Colour, kRed, kDarkBlue)

struct Seal {
    std::string text;
    std::int64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(Seal, (), (text, size))

struct SealOrder {
    Colour colour{};
    std::vector<Seal> seals;
    std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(SealOrder, (), (colour, seals, note))

TEST(Described, ReadsAndWrites) {
    const auto order = Read<SealOrder>(*Parse(R"({"colour":"dark_blue","seals":[{"text":"公章","size":40}]})"));
    ASSERT_OK(order);
    EXPECT_EQ(order->colour, Colour::kDarkBlue);
    EXPECT_EQ(Text(Write(*order)), R"({"colour":"dark_blue","seals":[{"text":"公章","size":40}]})");
}

TEST(Described, ReportsEveryFaultWithItsPath) {
    const auto order = Read<SealOrder>(*Parse(R"({"colour":"pink","seals":[{"text":1,"size":1.5,"x":0}],"note":3,"more":1})"));
    ASSERT_FALSE(order);
    std::vector<std::string> found;
    for (const Fault& fault : order.error().faults()) found.push_back(std::string(fault.code()) + "@" + fault.field);
    const std::vector<std::string> expected = {"json.unknown_choice@colour", "json.wrong_type@seals.0.text",
                                               "json.not_an_integer@seals.0.size", "json.unknown_field@seals.0.x",
                                               "json.wrong_type@note", "json.unknown_field@more"};
    EXPECT_EQ(found, expected);
    EXPECT_REFUSED(Read<SealOrder>(*Parse("{}")), reasons::kMissingField);
}

TEST(Described, DescribesItselfAsSchema) {
    Components components;
    EXPECT_EQ(Text(Schema<SealOrder>(components)), R"({"$ref":"#/components/schemas/SealOrder"})");
    EXPECT_EQ(Text(components.at("Seal")),
              R"({"type":"object","properties":{"text":{"type":"string"},"size":{"type":"integer"}},)"
              R"("additionalProperties":false,"required":["text","size"]})");
}

}  // namespace
}  // namespace onewindow::json
