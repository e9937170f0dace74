#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

// For *_test.cpp only.
namespace onewindow::testing {

/// A minimal SMTP server on a free port of this machine; keeps what it was given. One client at a
/// time.
class SmtpSink {
 public:
    struct Received {
        std::string from, to, data;  // `data` with CRLF, dots unstuffed.
    };
    SmtpSink();
    ~SmtpSink();
    std::string url() const;
    std::vector<Received> Letters() const;
    /// The line for each RCPT TO from now on, in place of "250 ok".
    void AnswerRecipientsWith(std::string line);

 private:
    void Run();
    void Serve(int peer);
    std::string Reply(const std::string& line, Received& letter);

    int listener_ = -1, stop_[2] = {-1, -1};
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<Received> letters_;
    std::string recipient_answer_ = "250 ok";
    std::thread thread_;
};

}  // namespace onewindow::testing
