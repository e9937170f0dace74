// Goal: the grammar of paths; what does not follow it is refused, not half drawn.

#include "kernel/documents/path_data.hpp"

#include "kernel/testing/expect_refused.hpp"

namespace onewindow::documents {
namespace {

TEST(ParsePath, ReadsEveryCommand) {
    const auto steps = ParsePath("M 1 2.5 L -3 4\n C 1 2 3 4 5 6e1 Z M 0 0");
    ASSERT_OK(steps);
    ASSERT_EQ(steps->size(), 5U);
    EXPECT_EQ((*steps)[0].numbers[1], 2.5);
    EXPECT_EQ((*steps)[1].numbers[0], -3);
    EXPECT_EQ((*steps)[2].numbers[5], 60);
    EXPECT_EQ((*steps)[3].command, 'Z');
}

TEST(ParsePath, RefusesEverythingElse) {
    for (const auto* data :
         {"", " ", "L 1 1", "M 1", "M 1 x", "M 1 1 L", "M 1 1 Q 1 1 2 2", "m 1 1", "M 1,1",
          "M 1 1 2 2", "M nan 1", "M inf 1", "M 1 1 C 1 2 3 4 5"}) {
        EXPECT_REFUSED(ParsePath(data), reasons::kRendering);
    }
}

}  // namespace
}  // namespace onewindow::documents
