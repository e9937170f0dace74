// Goal: sealed bytes open at their place only and with their key only; key files are made once,
// kept private, read strictly; masks keep what people may see and nothing more.

#include "kernel/sealing/sealing.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"
#include "kernel/sealing/sm4_gcm.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::sealing {
namespace {

namespace fs = std::filesystem;

Sealer::Keys SomeKeys() {
    return {.seal = {{1, std::string(16, 'a')}, {7, std::string(16, 'b')}},
            .lookup = std::string(32, 'c')};
}

const std::string kPlace = "application_revision.form:01J";

TEST(Sm4Gcm, AgreesWithRfc8998) {
    const auto bytes = [](std::string_view hex) { return *crypto::FromHex(hex); };
    const std::string key = bytes("0123456789ABCDEFFEDCBA9876543210"),
                      nonce = bytes("00001234567800000000ABCD");
    const std::string associated = bytes("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    const std::string plain = bytes(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA");
    const std::string sealed = EncryptSm4Gcm(key, nonce, associated, plain);
    EXPECT_EQ(crypto::Hex(sealed),
              "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
              "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
              "83de3541e4c2b58177e065a9bf7b62ec");
    EXPECT_EQ(DecryptSm4Gcm(key, nonce, associated, sealed), plain);
}

TEST(Sealer, OpensAtItsPlaceOnly) {
    SeededRandom random(1);
    const Sealer sealer(SomeKeys(), random);
    const std::string sealed = sealer.Seal("370102199003070012", kPlace);
    EXPECT_EQ(sealed.size(), 1U + 4 + 12 + 18 + 16);
    EXPECT_EQ(*sealer.Open(sealed, kPlace), "370102199003070012");
    EXPECT_REFUSED(sealer.Open(sealed, "application_revision.form:01K"), reasons::kCannotOpen);
    EXPECT_REFUSED(sealer.Open(sealed, ""), reasons::kCannotOpen);
    EXPECT_NE(sealed, sealer.Seal("370102199003070012", kPlace));
    EXPECT_EQ(*sealer.Open(sealer.Seal("", ""), ""), "");
}

TEST(Sealer, NoAlteredBitOpens) {
    SeededRandom random(1);
    const Sealer sealer(SomeKeys(), random);
    const std::string sealed = sealer.Seal("13800005678", kPlace);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::string altered = sealed;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(sealer.Open(altered, kPlace).has_value()) << bit;
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        EXPECT_REFUSED(sealer.Open(sealed.substr(0, size), kPlace), reasons::kCannotOpen);
    }
}

TEST(Sealer, TheHighestKeySealsAndAllOpen) {
    SeededRandom random(1);
    Sealer::Keys old = SomeKeys();
    old.seal.erase(7);
    const std::string sealed = Sealer(old, random).Seal("x", kPlace);
    const std::string newer = Sealer(SomeKeys(), random).Seal("x", kPlace);
    EXPECT_EQ(*Sealer(SomeKeys(), random).Open(sealed, kPlace), "x");
    EXPECT_EQ(newer.substr(0, 5), std::string("\x01\0\0\0\x07", 5));
    EXPECT_REFUSED(Sealer(old, random).Open(newer, kPlace), reasons::kKeyMissing);
}

TEST(Sealer, LookupHashesAreKeyedByPurpose) {
    SeededRandom random(1);
    const Sealer sealer(SomeKeys(), random);
    Sealer::Keys other = SomeKeys();
    other.lookup[0] = 'x';
    const std::string hash = sealer.LookupHash("370102199003070012", "person.id_number");
    EXPECT_EQ(hash.size(), 64U);
    EXPECT_EQ(hash, sealer.LookupHash("370102199003070012", "person.id_number"));
    EXPECT_NE(hash, sealer.LookupHash("370102199003070012", "person.mobile"));
    EXPECT_NE(hash, sealer.LookupHash("370102199003070013", "person.id_number"));
    EXPECT_NE(hash, Sealer(other, random).LookupHash("370102199003070012", "person.id_number"));
    EXPECT_NE(sealer.LookupHash("bc", "a"), sealer.LookupHash("c", "ab"));
}

class KeyFile : public ::testing::Test {
 protected:
    KeyFile() {
        std::string folder = (fs::temp_directory_path() / "onewindow_keys_XXXXXX").string();
        OW_ASSERT(::mkdtemp(folder.data()) != nullptr);
        folder_ = folder;
    }
    ~KeyFile() override { fs::remove_all(folder_); }
    Result<Sealer::Keys> Load(bool create) { return LoadKeys(folder_, create, random_); }
    std::string Path() const { return folder_ + "/keys/sealing.toml"; }

    std::string folder_;
    SeededRandom random_{5};
};

TEST_F(KeyFile, IsMadeOnceAndPrivate) {
    EXPECT_REFUSED(Load(false), reasons::kKeyMissing);
    const auto made = Load(true);
    ASSERT_OK(made);
    EXPECT_EQ(made->seal.size(), 1U);
    struct stat status{};
    ASSERT_EQ(::stat(Path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto again = Load(true), read = Load(false);
    ASSERT_OK(again);
    ASSERT_OK(read);
    EXPECT_EQ(again->seal, made->seal);
    EXPECT_EQ(read->lookup, made->lookup);
}

TEST_F(KeyFile, IsRefusedWhenOthersMayRead) {
    ASSERT_OK(Load(true));
    for (const unsigned mode : {0640U, 0604U, 0620U, 0644U}) {
        ASSERT_EQ(::chmod(Path().c_str(), mode), 0);
        EXPECT_REFUSED(Load(true), reasons::kKeyFileOpen);
    }
    ASSERT_EQ(::chmod(Path().c_str(), 0400), 0);
    ASSERT_OK(Load(false));
}

TEST_F(KeyFile, IsReadStrictly) {
    ASSERT_OK(Load(true));
    const std::string lookup = "lookup = \"" + std::string(64, '0') + "\"\n";
    const std::string key = "\"" + std::string(32, '1') + "\"\n";
    const auto load = [&](const std::string& text) {
        OW_ASSERT(files::WriteFile(Path(), text, 0600).has_value());
        return Load(true);
    };
    EXPECT_EQ(load(lookup + "[seal]\n3 = " + key + "12 = " + key)->seal.rbegin()->first, 12U);
    for (const std::string& text :
         {std::string(), lookup, lookup + "[seal]\n", "[seal]\n1 = " + key,
          lookup + "[seal]\nx = " + key, lookup + "[seal]\n0 = " + key,
          lookup + "[seal]\n-1 = " + key, lookup + "[seal]\n4294967296 = " + key,
          lookup + "[seal]\n1 = " + key + "01 = " + key, lookup + "[seal]\n1 = 5\n",
          lookup + "[seal]\n1 = \"11\"\n", lookup + "other = 1\n[seal]\n1 = " + key,
          std::string("lookup = ["), "lookup = \"zz\"\n[seal]\n1 = " + key}) {
        EXPECT_REFUSED(load(text), reasons::kKeyFile);
    }
}

TEST(Mask, KeepsWhatPeopleMaySee) {
    EXPECT_EQ(MaskIdNumber("370102199003071234"), "370***********1234");
    EXPECT_EQ(MaskIdNumber("37010219900307123X"), "370***********123X");
    EXPECT_EQ(MaskIdNumber("E12345678"), "E******78");
    EXPECT_EQ(MaskIdNumber("123456"), "******");
    EXPECT_EQ(MaskIdNumber(""), "");
    EXPECT_EQ(MaskMobile("13800005678"), "138****5678");
    EXPECT_EQ(MaskMobile("053188881234"), "*********234");
    EXPECT_EQ(MaskMobile("12345"), "*****");
    EXPECT_EQ(MaskName("周岚"), "周*");
    EXPECT_EQ(MaskName("欧阳娜娜"), "欧***");
    EXPECT_EQ(MaskName("𠮷田"), "𠮷*");
    EXPECT_EQ(MaskName("岚"), "*");
    EXPECT_EQ(MaskName(""), "");
    EXPECT_EQ(MaskName("\xe5\x91"), "*");
}

TEST(Mask, AddressesEndWithTheDistrict) {
    EXPECT_EQ(MaskAddress("济南市历下区经十路123号"), "济南市历下区****");
    EXPECT_EQ(MaskAddress("山东省济南市历下区经十路123号"), "山东省济南市历下区****");
    EXPECT_EQ(MaskAddress("山东省菏泽市曹县磐石街道1号"), "山东省菏泽市曹县****");
    EXPECT_EQ(MaskAddress("山东省烟台市莱州市文昌路1号"), "山东省烟台市莱州市****");
    EXPECT_EQ(MaskAddress("济南市经十路10号区政府"), "济南市****");
    EXPECT_EQ(MaskAddress("经十路小区5号"), "****");
    EXPECT_EQ(MaskAddress("幸福小区5号楼"), "****");
    EXPECT_EQ(MaskAddress("12 Main Street"), "****");
    EXPECT_EQ(MaskAddress(""), "****");
}

}  // namespace
}  // namespace onewindow::sealing
