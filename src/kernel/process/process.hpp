#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/result/result.hpp"

namespace onewindow::process {

/// A child process that goes away with its parent: it gets SIGTERM when the parent dies, and when the object does.
class Child {
   public:
    /// Starts argv[0]; its standard output is read by ReadLine, its standard error goes to `log_path`.
    static Result<std::unique_ptr<Child>> Start(const std::vector<std::string>& argv, const std::string& log_path);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    int pid() const { return pid_; }
    /// The next line of standard output; refused at its end.
    Result<std::string> ReadLine();
    /// SIGTERM, then waits; the exit status, or 128 + signal.
    int Stop();
    /// SIGKILL, then waits.
    void Kill();
    bool IsRunning();

   private:
    Child(int pid, int output) : pid_(pid), output_(output) {}
    int Wait();

    int pid_ = -1;
    int output_ = -1;
    int status_ = -1;
    std::string buffer_;
};

namespace reasons {
inline constexpr Reason kCannotStart{"process.cannot_start", Kind::kUnavailable};
inline constexpr Reason kEnded{"process.ended", Kind::kUnavailable};
}  // namespace reasons

}  // namespace onewindow::process
