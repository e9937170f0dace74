// Goal: errors keep all faults, find a reason among them, and describe themselves for the log.

#include "kernel/result/result.hpp"

#include <gtest/gtest.h>

#include "kernel/testing/expect_refused.hpp"

namespace onewindow {
namespace {

constexpr Reason kFirst{"test.first", Kind::kRefused, "art. 1"};
constexpr Reason kSecond{"test.second", Kind::kRefused};

Result<int> Half(int number) {
    if (number % 2 != 0) return Refuse(kFirst, "number", {{"value", std::to_string(number)}});
    return number / 2;
}

Result<int> Quarter(int number) {
    OW_TRY(const int half, Half(number));
    OW_CHECK(Half(half));
    return half / 2;
}

TEST(Result, PassesErrorsUp) {
    EXPECT_EQ(*Quarter(8), 2);
    EXPECT_REFUSED(Quarter(3), kFirst);
    EXPECT_REFUSED(Quarter(6), kFirst);
}

TEST(Result, KeepsAllFaults) {
    const Result<> answer = Refuse({Fault{&kFirst, "a"}, Fault{&kSecond, "b"}});
    EXPECT_REFUSED(answer, kSecond);
    EXPECT_EQ(answer.error().Describe(), "test.first at a, test.second at b");
}

}  // namespace
}  // namespace onewindow
