#include <gtest/gtest.h>

#include <base/error.hpp>
#include <net/remote_address.hpp>

namespace resident {
namespace {

std::string location(const std::string& url, const Config& config = {}) {
  const auto address = parse_remote_address(config, url);
  return address ? address->location() : "none";
}

TEST(RemoteAddress, AllFormsOfOneRepositoryAreTheSame) {
  for (const char* url :
       {"https://github.com/bitcoin-core/secp256k1", "https://github.com/bitcoin-core/secp256k1.git",
        "https://github.com/bitcoin-core/secp256k1/", "https://ada@github.com/bitcoin-core/secp256k1.git",
        "http://github.com:80/bitcoin-core/secp256k1", "HTTPS://GitHub.com/bitcoin-core/secp256k1",
        "git@github.com:bitcoin-core/secp256k1.git", "github.com:bitcoin-core/secp256k1",
        "ssh://git@github.com/bitcoin-core/secp256k1.git", "ssh://git@ssh.github.com:443/bitcoin-core/secp256k1.git",
        "git+ssh://git@github.com/bitcoin-core/secp256k1", "git://github.com/bitcoin-core/secp256k1.git",
        "https://github.com/bitcoin-core/secp256k1/tree/master/src", " git@github.com:/bitcoin-core/secp256k1.git\n"})
    EXPECT_EQ(location(url), "github:bitcoin-core/secp256k1") << url;
}

TEST(RemoteAddress, OtherForges) {
  EXPECT_EQ(location("git@gitlab.com:group/sub/name.git"), "gitlab:https://gitlab.com/group/sub/name");
  EXPECT_EQ(location("ssh://git@altssh.gitlab.com:443/group/name.git"), "gitlab:https://gitlab.com/group/name");
  EXPECT_EQ(location("https://gitlab.gnome.org/GNOME/glib/-/tree/main"), "gitlab:https://gitlab.gnome.org/GNOME/glib");
  EXPECT_EQ(location("https://codeberg.org/forgejo/forgejo.git"), "forgejo:https://codeberg.org/forgejo/forgejo");
  EXPECT_EQ(location("git@gitea.example.org:a/b"), "gitea:https://gitea.example.org/a/b");
  EXPECT_EQ(location("https://git.example.org:8443/a/b.git"), ":https://git.example.org:8443/a/b");
  EXPECT_EQ(location("ssh://git@git.example.org:2222/a/b.git"), ":https://git.example.org/a/b");
  const Config config = Config::parse("[forge.\"git.example.org\"]\nkind = \"gitlab\"\n", "test");
  EXPECT_EQ(location("git@git.example.org:a/b", config), "gitlab:https://git.example.org/a/b");
}

TEST(RemoteAddress, WhatIsNone) {
  for (const char* url :
       {"", "/srv/git/app.git", "../app", "./a:b/c", "C:/work/app", "file:///srv/app.git", "app.bundle",
        "https://github.com/", "https://github.com/alone", "git@github.com:", "https://", "https://github.com/a/../b",
        "https://exa mple.org/a/b", "git@host:a/b;rm -rf", "::/::"})
    EXPECT_EQ(location(url), "none") << url;
}

TEST(RemoteAddress, IsTypedAsForAdd) {
  const Config config;
  EXPECT_EQ(parse_typed_forge(config, "github:a/b").location(), "github:a/b");
  EXPECT_EQ(parse_typed_forge(config, "forgejo:https://git.example.org/a/b").location(),
            "forgejo:https://git.example.org/a/b");
  EXPECT_EQ(parse_typed_forge(config, "https://gitlab.com/a/b").location(), "gitlab:https://gitlab.com/a/b");
  EXPECT_THROW(parse_typed_forge(config, "https://git.example.org/a/b"), Error);
  EXPECT_THROW(parse_typed_forge(config, "gitea:a/b"), Error);
  try {
    parse_typed_forge(config, "githbu:a/b");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("did you mean github"), std::string::npos) << error.hint();
  }
}

}  // namespace
}  // namespace resident
