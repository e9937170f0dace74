#include "kernel/process/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace onewindow::process {

Result<std::unique_ptr<Child>> Child::Start(const std::vector<std::string>& argv, const std::string& log_path) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return Refuse(reasons::kCannotStart);
    const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log < 0) {
        close(ends[0]);
        close(ends[1]);
        return Refuse(reasons::kCannotStart, "", {{"path", log_path}});
    }
    std::vector<char*> arguments;
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        // The parent may have died before the line above.
        if (getppid() != parent) _exit(127);
        // A process group of its own: Ctrl-C reaches the parent alone, which then stops its children in order.
        setpgid(0, 0);
        dup2(ends[1], STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    close(ends[1]);
    close(log);
    if (pid < 0) {
        close(ends[0]);
        return Refuse(reasons::kCannotStart);
    }
    return std::unique_ptr<Child>(new Child(pid, ends[0]));
}

Child::~Child() {
    Stop();
    close(output_);
}

Result<std::string> Child::ReadLine() {
    for (;;) {
        if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        char bytes[4096];
        const ssize_t got = read(output_, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return Refuse(reasons::kEnded);
        buffer_.append(bytes, static_cast<std::size_t>(got));
    }
}

int Child::Wait() {
    while (status_ < 0) {
        int status = 0;
        const pid_t ended = waitpid(pid_, &status, 0);
        if (ended == pid_) {
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        } else if (errno != EINTR) {
            status_ = 127;
        }
    }
    return status_;
}

int Child::Stop() {
    if (status_ < 0) kill(pid_, SIGTERM);
    return Wait();
}

void Child::Kill() {
    if (status_ < 0) kill(pid_, SIGKILL);
    Wait();
}

bool Child::IsRunning() {
    if (status_ >= 0) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return status_ < 0;
}

}  // namespace onewindow::process
