#include "server/demo_clock.hpp"

#include <filesystem>

#include "kernel/files/files.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::server {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

Result<milliseconds> DemoShift(const std::string& data, const Clock& machine, const reference::Snapshot& reference, bool real_clock) {
    if (real_clock) return milliseconds{0};
    const std::string file = data + "/demo_clock";
    milliseconds shift{0};
    if (std::filesystem::exists(file)) {
        OW_TRY(const std::string text, files::ReadFile(file));
        const std::string number(text::Trim(text));
        if (text::IsDigits(number) && number.size() < 16) shift = milliseconds{std::stoll(number)};
    }
    const Instant shifted = machine.Now() + shift;
    const Date day = DateOf(shifted);
    const milliseconds time = TimeOfDay(shifted);
    const bool fits = shift.count() > 0 && reference.calendar().IsWorkday(day) && time >= hours{9} && time < hours{11};
    if (!fits) {
        // The next 09:05 of a working day that is not before the shifted time.
        Date next = reference.calendar().WorkdayOnOrAfter(day);
        if (At(next, hours{9} + minutes{5}) < shifted) next = reference.calendar().WorkdayOnOrAfter(AddDays(day, 1));
        shift = At(next, hours{9} + minutes{5}) - machine.Now();
    }
    OW_CHECK(files::WriteFile(file, std::to_string(shift.count()) + "\n"));
    return shift;
}

}  // namespace onewindow::server
