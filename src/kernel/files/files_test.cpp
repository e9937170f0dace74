// Goal: files are replaced whole and leave nothing beside; blobs are found by content and damage is
// noticed.

#include "kernel/files/files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "kernel/crypto/crypto.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::files {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
    Files() {
        std::string folder = (fs::temp_directory_path() / "onewindow_files_XXXXXX").string();
        OW_ASSERT(::mkdtemp(folder.data()) != nullptr);
        folder_ = folder;
    }
    ~Files() override { fs::remove_all(folder_); }
    std::string At(const std::string& name) const { return folder_ + "/" + name; }
    static std::size_t FilesIn(const std::string& folder) {
        std::size_t count = 0;
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }
    static int ModeOf(const std::string& path) {
        struct stat status{};
        OW_ASSERT(::stat(path.c_str(), &status) == 0);
        return static_cast<int>(status.st_mode & 0777U);
    }

    std::string folder_;
};

TEST_F(Files, ReplacesAWholeFile) {
    const std::string large(200000, 'x');
    ASSERT_OK(WriteFile(At("a"), large));
    EXPECT_EQ(*ReadFile(At("a")), large);
    ASSERT_OK(WriteFile(At("a"), std::string("\0new", 4), 0600));
    EXPECT_EQ(*ReadFile(At("a")), std::string("\0new", 4));
    EXPECT_EQ(ModeOf(At("a")), 0600);
    EXPECT_EQ(FilesIn(folder_), 1U);
}

TEST_F(Files, AFailedWriteLeavesTheOldContent) {
    fs::create_directory(At("taken"));
    EXPECT_REFUSED(WriteFile(At("taken"), "bytes"), reasons::kCannotWrite);
    EXPECT_REFUSED(WriteFile(At("absent/file"), "bytes"), reasons::kCannotWrite);
    EXPECT_EQ(FilesIn(folder_), 0U);
    EXPECT_TRUE(fs::is_directory(At("taken")));
}

TEST_F(Files, WhatIsMadeOnceIsNotReplaced) {
    EXPECT_TRUE(*CreateFile(At("key"), "first", 0600));
    EXPECT_FALSE(*CreateFile(At("key"), "second", 0600));
    EXPECT_EQ(*ReadFile(At("key")), "first");
    EXPECT_EQ(ModeOf(At("key")), 0600);
    EXPECT_EQ(FilesIn(folder_), 1U);
    EXPECT_REFUSED(CreateFile(At("absent/key"), "first"), reasons::kCannotWrite);
}

TEST_F(Files, RefusesToReadWhatIsNoFile) {
    EXPECT_REFUSED(ReadFile(At("absent")), reasons::kCannotRead);
    EXPECT_REFUSED(ReadFile(folder_), reasons::kCannotRead);
}

TEST_F(Files, MakesFoldersWithTheirParents) {
    ASSERT_OK(MakeDirectory(At("a/b/c"), 0700));
    ASSERT_OK(MakeDirectory(At("a/b/c"), 0700));
    EXPECT_EQ(ModeOf(At("a/b/c")), 0700);
    ASSERT_OK(WriteFile(At("file"), ""));
    EXPECT_REFUSED(MakeDirectory(At("file")), reasons::kCannotWrite);
    EXPECT_REFUSED(MakeDirectory(At("file/below")), reasons::kCannotWrite);
}

TEST_F(Files, BlobsAreFoundByTheirContent) {
    const BlobStore store(At("blobs"));
    const auto name = store.Put("营业执照");
    ASSERT_OK(name);
    EXPECT_EQ(*name, crypto::Hex(crypto::Sm3("营业执照")));
    EXPECT_EQ(*store.Get(*name), "营业执照");
    EXPECT_EQ(*store.Put("营业执照"), *name);
    EXPECT_EQ(FilesIn(folder_), 1U);
    ASSERT_OK(store.Put(""));
    EXPECT_TRUE(fs::exists(At("blobs/" + name->substr(0, 2) + "/" + name->substr(2))));
}

TEST_F(Files, NoticesDamageAndHealsIt) {
    const BlobStore store(At("blobs"));
    const std::string name = *store.Put("content");
    {
        std::ofstream file(At("blobs/" + name.substr(0, 2) + "/" + name.substr(2)));
        file << "contemt";
    }
    EXPECT_REFUSED(store.Get(name), reasons::kDamaged);
    EXPECT_EQ(*store.Put("content"), name);
    EXPECT_EQ(*store.Get(name), "content");
}

TEST_F(Files, NamesFromOutsideReachNoOtherFile) {
    const BlobStore store(At("blobs"));
    ASSERT_OK(WriteFile(At("secret"), "secret"));
    for (const std::string& name :
         {std::string(), std::string("../secret"), std::string(64, '.'), std::string(64, 'A'),
          std::string(65, 'a'), std::string("..") + std::string(61, '/') + "x"}) {
        EXPECT_REFUSED(store.Get(name), reasons::kCannotRead);
    }
    EXPECT_REFUSED(store.Get(std::string(64, 'a')), reasons::kCannotRead);
}

}  // namespace
}  // namespace onewindow::files
