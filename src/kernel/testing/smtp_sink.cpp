#include "kernel/testing/smtp_sink.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/result/result.hpp"

namespace onewindow::testing {
namespace {

/// False when the test is over or the peer is gone.
bool WaitFor(int descriptor, int stop) {
    pollfd waits[2] = {{descriptor, POLLIN, 0}, {stop, POLLIN, 0}};
    return ::poll(waits, 2, -1) > 0 && (waits[1].revents & POLLIN) == 0;
}

void Say(int peer, const std::string& line) {
    const std::string bytes = line + "\r\n";
    static_cast<void>(::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

}  // namespace

SmtpSink::SmtpSink() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    OW_ASSERT(::bind(listener_, generic, size) == 0 && ::listen(listener_, 8) == 0);
    OW_ASSERT(::getsockname(listener_, generic, &size) == 0 && ::pipe(stop_) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Run(); });
}

SmtpSink::~SmtpSink() {
    static_cast<void>(!::write(stop_[1], "x", 1));
    thread_.join();
    for (const int descriptor : {listener_, stop_[0], stop_[1]}) ::close(descriptor);
}

std::string SmtpSink::url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }

std::vector<SmtpSink::Received> SmtpSink::Letters() const {
    const std::lock_guard lock(mutex_);
    return letters_;
}

void SmtpSink::AnswerRecipientsWith(std::string line) {
    const std::lock_guard lock(mutex_);
    recipient_answer_ = std::move(line);
}

void SmtpSink::Run() {
    while (WaitFor(listener_, stop_[0])) {
        const int peer = ::accept(listener_, nullptr, nullptr);
        if (peer < 0) return;
        Serve(peer);
        ::close(peer);
    }
}

std::string SmtpSink::Reply(const std::string& line, Received& letter) {
    const std::lock_guard lock(mutex_);
    if (line.starts_with("MAIL FROM:")) letter.from = line.substr(10, line.find('>') - 9);
    if (line.starts_with("RCPT TO:")) {
        letter.to = line.substr(8, line.find('>') - 7);
        return recipient_answer_;
    }
    if (line == "DATA") return "354 go ahead";
    if (line == "QUIT") return "221 bye";
    return "250 ok";
}

void SmtpSink::Serve(int peer) {
    Received letter;
    bool in_data = false;
    std::string input;
    Say(peer, "220 sink");
    while (WaitFor(peer, stop_[0])) {
        char buffer[4096];
        const ssize_t count = ::recv(peer, buffer, sizeof(buffer), 0);
        if (count <= 0) return;
        input.append(buffer, static_cast<std::size_t>(count));
        for (std::size_t end; (end = input.find("\r\n")) != std::string::npos;) {
            const std::string line = input.substr(0, end);
            input.erase(0, end + 2);
            if (!in_data) {
                Say(peer, Reply(line, letter));
                in_data = line == "DATA";
            } else if (line == ".") {
                in_data = false;
                const std::lock_guard lock(mutex_);
                letters_.push_back(letter);
                Say(peer, "250 kept");
            } else {
                letter.data += (line.starts_with(".") ? line.substr(1) : line) + "\r\n";
            }
        }
    }
}

}  // namespace onewindow::testing
