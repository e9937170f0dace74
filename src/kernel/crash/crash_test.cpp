// Goal: a crash that was ordered happens at the n-th time and at no other.

#include "kernel/crash/crash.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace onewindow {
namespace {

TEST(CrashPointsDeathTest, KillsAtTheOrderedTime) {
    EXPECT_EXIT(
        {
            EnvironmentCrashPoints points("jobs.before_finish:3");
            for (int i = 0; i < 2; ++i) points.Reach("jobs.before_finish");
            points.Reach("elsewhere");
            std::fputs("alive after two\n", stderr);
            points.Reach("jobs.before_finish");
            std::exit(0);
        },
        ::testing::KilledBySignal(SIGKILL), "alive after two");
}

TEST(CrashPoints, WithoutOrderNothingHappens) {
    EnvironmentCrashPoints points("");
    points.Reach("jobs.before_finish");
    points.Reach("");
}

TEST(CrashPointsDeathTest, RefusesAnUnreadableOrder) {
    EXPECT_DEATH(EnvironmentCrashPoints("jobs.before_finish:x"), "assertion_failed");
}

}  // namespace
}  // namespace onewindow
