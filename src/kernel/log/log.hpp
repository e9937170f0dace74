#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "kernel/clock/clock.hpp"
#include "kernel/ids/ids.hpp"
#include "kernel/sealing/private.hpp"

// One line of JSON an event: {"at":…,"level":…,"event":"name_reserved","trace":…, fields}.
namespace onewindow::log {

enum class Level { kDebug, kInfo, kWarn, kError };  // Error pages someone; Warn is for this week.

/// A named value. Private<T> has no way in: the compiler refuses it.
class Field {
 public:
    Field(std::string_view name, std::string_view text);
    Field(std::string_view name, const char* text) : Field(name, std::string_view(text)) {}
    Field(std::string_view name, const std::string& text) : Field(name, std::string_view(text)) {}
    template <class T>
        requires std::is_arithmetic_v<T>
    Field(std::string_view name, T number) : Field(name, Number(number)) {}
    template <class Tag>
    Field(std::string_view name, const Id<Tag>& id) : Field(name, std::string_view(id.value())) {}
    template <class T>
    Field(std::string_view name, const Private<T>&) = delete;

    std::string_view name() const { return name_; }
    const std::string& json() const { return json_; }

 private:
    struct Number {
        explicit Number(bool value);
        explicit Number(double value);
        template <class T>
            requires std::is_integral_v<T>
        explicit Number(T value) : text(std::to_string(value)) {}
        std::string text;
    };
    Field(std::string_view name, Number number);

    std::string_view name_;
    std::string json_;
};

/// Safe from many threads; one write(2) a line.
class Log {
 public:
    virtual ~Log() = default;
    virtual void Write(Level level, std::string_view event,
                       std::initializer_list<Field> fields) = 0;

    void Debug(std::string_view event, std::initializer_list<Field> fields) {
        Write(Level::kDebug, event, fields);
    }
    void Info(std::string_view event, std::initializer_list<Field> fields) {
        Write(Level::kInfo, event, fields);
    }
    void Warn(std::string_view event, std::initializer_list<Field> fields) {
        Write(Level::kWarn, event, fields);
    }
    void Error(std::string_view event, std::initializer_list<Field> fields) {
        Write(Level::kError, event, fields);
    }
};

/// Lines to a file descriptor that the log does not own.
std::unique_ptr<Log> MakeLog(int descriptor, Level least, const Clock& clock);
/// Says nothing.
Log& Silent();

/// The W3C trace id of the request or job that runs in this thread; appears in each line.
void SetTrace(std::string trace);
const std::string& Trace();

}  // namespace onewindow::log
