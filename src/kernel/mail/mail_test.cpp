// Goal: a letter arrives whole at a real SMTP server; nothing in it can become a header; yes, no
// and silence differ.

#include "kernel/mail/mail.hpp"

#include <gtest/gtest.h>

#include "kernel/crypto/crypto.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "kernel/testing/smtp_sink.hpp"

namespace onewindow::mail {
namespace {

Letter Sample() {
    return {.from = "service@onewindow.test",
            .to = "zhou@example.test",
            .subject = "请签署设立登记文书",
            .text = "周岚：\n请于今日签署。\n.\n一窗通",
            .id = "01J0000000000000000000NOTE",
            .at = *ParseInstant("2026-11-22T21:40")};
}

std::string BodyOf(const std::string& data) {
    const auto begin = data.find("\r\n\r\n");
    std::string coded;
    for (const char c : data.substr(begin == std::string::npos ? data.size() : begin)) {
        if (c != '\r' && c != '\n') coded += c;
    }
    return crypto::FromBase64(coded).value_or("");
}

TEST(Mail, WritesHeadersThatEveryReaderKnows) {
    const auto rendered = Render(Sample());
    ASSERT_OK(rendered);
    EXPECT_NE(rendered->find("Date: Sun, 22 Nov 2026 21:40:00 +0800\r\n"), std::string::npos);
    EXPECT_NE(rendered->find("Message-ID: <01J0000000000000000000NOTE@onewindow.test>\r\n"),
              std::string::npos);
    EXPECT_EQ(BodyOf(*rendered), Sample().text);
}

TEST(Mail, FoldsALongSubjectBetweenCharacters) {
    Letter letter = Sample();
    letter.subject.clear();
    for (int i = 0; i < 40; ++i) letter.subject += "照";
    const auto rendered = Render(letter);
    ASSERT_OK(rendered);
    std::string subject, rest = rendered->substr(rendered->find("Subject: ") + 9);
    rest = rest.substr(0, rest.find("\r\nAuto"));
    for (std::size_t at = 0; (at = rest.find("=?UTF-8?B?", at)) != std::string::npos;) {
        const auto end = rest.find("?=", at + 10);
        EXPECT_LE(end + 2 - at, 75U);
        const std::string word = crypto::FromBase64(rest.substr(at + 10, end - at - 10)).value();
        EXPECT_EQ(word.size() % 3, 0U);  // Each of these characters has three bytes.
        subject += word;
        at = end;
    }
    EXPECT_EQ(subject, letter.subject);
}

TEST(Mail, RefusesWhatIsNotOneMailbox) {
    for (const char* to : {"", "zhou", "@example.test", "zhou@", "a@b@c", "a b@example.test",
                           "a@example.test\r\nBcc: b@example.test", "<a@example.test>",
                           "a@example.test,b@example.test", "周@example.test"}) {
        Letter letter = Sample();
        letter.to = to;
        EXPECT_REFUSED(Render(letter), reasons::kAddress);
    }
}

TEST(Mail, ArrivesAtAServer) {
    testing::SmtpSink sink;
    ASSERT_OK(MakeSmtpSender()->Send(Sample(), sink.url()));
    ASSERT_EQ(sink.Letters().size(), 1U);
    const auto letter = sink.Letters().front();
    EXPECT_EQ(letter.from, "<service@onewindow.test>");
    EXPECT_EQ(letter.to, "<zhou@example.test>");
    EXPECT_EQ(BodyOf(letter.data), Sample().text);
}

TEST(Mail, ALastingNoIsNotARetry) {
    testing::SmtpSink sink;
    sink.AnswerRecipientsWith("550 no such mailbox");
    EXPECT_REFUSED(MakeSmtpSender()->Send(Sample(), sink.url()), reasons::kNotTaken);
    sink.AnswerRecipientsWith("451 try again later");
    EXPECT_REFUSED(MakeSmtpSender()->Send(Sample(), sink.url()), reasons::kNoAnswer);
    EXPECT_TRUE(sink.Letters().empty());
}

TEST(Mail, NobodyThereIsNoAnswer) {
    std::string url;
    {
        const testing::SmtpSink sink;
        url = sink.url();
    }
    EXPECT_REFUSED(MakeSmtpSender()->Send(Sample(), url), reasons::kNoAnswer);
    EXPECT_REFUSED(MakeSmtpSender()->Send(Sample(), "http://127.0.0.1:1"), reasons::kNoAnswer);
}

}  // namespace
}  // namespace onewindow::mail
