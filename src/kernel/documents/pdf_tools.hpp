#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// Second opinions on our PDF from other people's programs; for tests.
namespace onewindow::documents::testing {

/// A folder that goes away with the object.
class ScratchFolder {
 public:
    ScratchFolder() {
        std::string pattern = ::testing::TempDir() + "/onewindow_documents_XXXXXX";
        path_ = ::mkdtemp(pattern.data()) ? pattern : "";
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
    std::string path_;
};

struct Outcome {
    int status = -1;
    std::string output;
};

inline Outcome Run(const std::string& command) {
    Outcome outcome;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (!pipe) return outcome;
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
        outcome.output.append(buffer, n);
    }
    const int ended = ::pclose(pipe);
    outcome.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return outcome;
}

/// A PDF in a file, and what the tools say of it. A tool that fails fails the test.
class PdfFile {
 public:
    explicit PdfFile(const std::string& bytes) : path_(folder_.File("paper.pdf")) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }

    std::string Info() const { return Ask("pdfinfo " + path_); }
    std::string Fonts() const { return Ask("pdffonts " + path_); }
    std::string Check() const { return Ask("qpdf --check " + path_); }
    /// All text without white space, as the page's reading order has it.
    std::string Characters() const {
        auto text = Ask("pdftotext " + path_ + " -");
        std::erase_if(text, [](unsigned char c) { return c <= ' '; });
        return text;
    }

    struct Word {
        double left, top, right, bottom;  // mm
        std::string text;
    };
    std::vector<Word> Words() const {
        const auto html = Ask("pdftotext -bbox " + path_ + " -");
        const auto number = [](const std::string& line, const char* name) {
            const auto at = line.find(name);
            return std::stod(line.substr(at + std::strlen(name))) * 25.4 / 72;
        };
        std::vector<Word> words;
        std::istringstream lines(html);
        for (std::string line; std::getline(lines, line);) {
            const auto begin = line.find("\">"), end = line.find("</word>");
            if (line.find("<word ") == std::string::npos || end == std::string::npos) continue;
            words.push_back({number(line, "xMin=\""), number(line, "yMin=\""),
                             number(line, "xMax=\""), number(line, "yMax=\""),
                             line.substr(begin + 2, end - begin - 2)});
        }
        return words;
    }

    std::string DecodeQr() const {
        Ask("pdftoppm -r 200 -gray -png -singlefile " + path_ + " " + folder_.File("page"));
        return Run("zbarimg --nodbus -q --raw " + folder_.File("page.png")).output;
    }

    struct Picture {
        int width = 0, height = 0;
        std::string grey;
        /// Whether anything is drawn within `reach` mm of the point.
        bool IsInked(double x_mm, double y_mm, double reach_mm) const {
            const double per_mm = 100 / 25.4;
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) {
                    const double far = std::hypot(x / per_mm - x_mm, y / per_mm - y_mm);
                    const auto value = static_cast<unsigned char>(grey[y * width + x]);
                    if (far <= reach_mm && value < 200) return true;
                }
            }
            return false;
        }
    };
    Picture Draw() const {
        Ask("pdftoppm -r 100 -gray -singlefile " + path_ + " " + folder_.File("page"));
        std::ifstream file(folder_.File("page.pgm"), std::ios::binary);
        Picture picture;
        std::string magic;
        int most = 0;
        file >> magic >> picture.width >> picture.height >> most;
        file.get();
        picture.grey.assign(std::istreambuf_iterator<char>(file), {});
        return picture;
    }

 private:
    static std::string Ask(const std::string& command) {
        auto outcome = Run(command);
        EXPECT_EQ(outcome.status, 0) << command << "\n" << outcome.output;
        return outcome.output;
    }

    ScratchFolder folder_;
    std::string path_;
};

}  // namespace onewindow::documents::testing
