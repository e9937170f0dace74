#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "kernel/http/message.hpp"

// For *_test.cpp only.
namespace onewindow::http {

/// A socket that sends exactly the given bytes. Reads give up after 20 seconds, which no passing test reaches.
class RawClient {
   public:
    explicit RawClient(int port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_buffer > 0) {
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        }
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool connected() const { return connected_; }

    /// The server may have closed already; then the bytes are lost.
    void Send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void FinishSending() { ::shutdown(socket_, SHUT_WR); }

    struct Reply {
        int status = 0;
        Headers headers;
        std::string body;
    };

    /// The next answer by its Content-Length; status 0 where the connection ended before.
    Reply Read(bool to_head = false) {
        Reply reply;
        std::size_t end = 0;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
            if (!Receive()) return {};
        }
        std::string_view head = std::string_view(received_).substr(0, end + 2);
        reply.status = std::stoi(std::string(head.substr(9, 3)));
        head.remove_prefix(head.find("\r\n") + 2);
        while (!head.empty()) {
            const std::string_view line = head.substr(0, head.find("\r\n"));
            const auto colon = line.find(": ");
            reply.headers.Add(line.substr(0, colon), line.substr(colon + 2));
            head.remove_prefix(line.size() + 2);
        }
        received_.erase(0, end + 4);
        const std::string length(reply.headers.Get("Content-Length"));
        if (to_head || length.empty()) return reply;
        while (received_.size() < std::stoul(length)) {
            if (!Receive()) return {};
        }
        reply.body = received_.substr(0, std::stoul(length));
        received_.erase(0, reply.body.size());
        return reply;
    }

    /// Reads until `text` has come; false where the connection ended before.
    bool ReadUntil(std::string_view text) {
        std::size_t at = 0;
        while ((at = received_.find(text)) == std::string::npos) {
            if (!Receive()) return false;
        }
        received_.erase(0, at + text.size());
        return true;
    }

    /// Everything that comes until the server closes; empty optional where it does not.
    std::optional<std::string> ReadToEnd() {
        while (Receive()) {
        }
        if (!ended_) return std::nullopt;
        return std::exchange(received_, {});
    }

   private:
    bool Receive() {
        char bytes[16 * 1024];
        const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
        ended_ = count == 0 || (count < 0 && errno == ECONNRESET);
        if (count <= 0) return false;
        received_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    bool connected_ = false;
    bool ended_ = false;
    std::string received_;
};

}  // namespace onewindow::http
