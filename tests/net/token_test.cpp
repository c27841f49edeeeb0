#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <net/forge.hpp>
#include <net/token.hpp>

namespace resident {
namespace {

// A folder as systemd hands it to a service, and nothing of the caller's environment.
class Credentials : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"GITHUB_TOKEN", "GH_TOKEN", "RESIDENT_TOKEN_GITHUB_COM"}) unsetenv(name);
    folder_ = std::filesystem::temp_directory_path() / ("resident-credentials-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("CREDENTIALS_DIRECTORY");
    unsetenv("GITHUB_TOKEN");
    std::filesystem::remove_all(folder_);
  }
  void write(const std::string& name, const std::string& text, mode_t mode) {
    std::ofstream(folder_ / name) << text;
    chmod((folder_ / name).c_str(), mode);
  }
  std::filesystem::path folder_;
};

TEST_F(Credentials, AreFoundByTheNamesOfVariables) {
  write("GITHUB_TOKEN", "ghp_credential0123456789abc\n", 0440);  // systemd's list of who may read shows as the group's
  const TokenFound found = find_token({}, "github.com", usual_token_variables("github", "github.com"));
  EXPECT_EQ(found.token.reveal(), "ghp_credential0123456789abc");
  EXPECT_EQ(found.source, "credential GITHUB_TOKEN");
  EXPECT_EQ(redact("it is ghp_credential0123456789abc"), "it is <token>");
  write("RESIDENT_TOKEN_GITHUB_COM", "of-this-host", 0400);
  EXPECT_EQ(find_token({}, "github.com", usual_token_variables("github", "github.com")).source,
            "credential RESIDENT_TOKEN_GITHUB_COM");
}

TEST_F(Credentials, StandBehindTheEnvironmentAndBelongToTheirForge) {
  write("GITHUB_TOKEN", "from-the-file", 0400);
  EXPECT_TRUE(find_token({}, "gitlab.com", usual_token_variables("gitlab", "gitlab.com")).token.empty());
  EXPECT_TRUE(
      find_token({}, "github.example.org", usual_token_variables("github", "github.example.org")).token.empty());
  setenv("GITHUB_TOKEN", "from-the-environment", 1);
  EXPECT_EQ(find_token({}, "github.com", usual_token_variables("github", "github.com")).token.reveal(),
            "from-the-environment");
  EXPECT_EQ(find_secret("HOOK", "").reveal(), "");
  write("HOOK", "secret-of-the-hook", 0400);
  EXPECT_EQ(find_secret("HOOK", "").reveal(), "secret-of-the-hook");
}

TEST_F(Credentials, ThatEverybodyCanReadAreRefused) {
  write("GITHUB_TOKEN", "for-all-to-see", 0444);
  EXPECT_THROW(find_token({}, "github.com", usual_token_variables("github", "github.com")), Error);
}

TEST_F(Credentials, ThatCannotBeEnteredAreToldOf) {
  if (geteuid() == 0) {  // root may enter everywhere, but not what is no folder
    std::ofstream(folder_ / "file") << "x";
    setenv("CREDENTIALS_DIRECTORY", (folder_ / "file").c_str(), 1);
  } else {
    std::filesystem::permissions(folder_, std::filesystem::perms::none);
  }
  EXPECT_THROW(find_token({}, "github.com", usual_token_variables("github", "github.com")), Error);
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace resident
