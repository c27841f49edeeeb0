// What is an archive, and what of a source that cannot be read whole stays as it was.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sources/files/files.hpp>
#include <sources/files/stored_parts.hpp>

namespace resident {
namespace {

TEST(Files, ArchivesAreToldByTheirBytesAndTheEndsOfTheirNames) {
  const auto folder = std::filesystem::temp_directory_path() / "resident_files_test";
  std::filesystem::create_directories(folder);
  const auto told = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return is_archive((folder / name).string());
  };
  EXPECT_FALSE(told("foo.target.log", "1..1\nok 1\n"));
  EXPECT_FALSE(told("data.tarantool.txt", "x"));
  EXPECT_FALSE(told("notes.zip.md", "# Zip"));
  EXPECT_FALSE(told("plain.gz", "\x1f\x8b"));
  EXPECT_TRUE(told("no-ending", "PK\x03\x04 and more"));
  EXPECT_TRUE(told("old", std::string(257, 'x') + "ustar"));
  for (const char* name : {"a.tar", "a.TAR.GZ", "a.tgz", "a.tar.zst", "a.tar.xz", "a.zip"})
    EXPECT_TRUE(told(name, "")) << name;
  std::filesystem::remove_all(folder);
}

TEST(StoredParts, NothingThatIsStoredGoesOrComesTwice) {
  StoredParts stored;
  stored.add("one", "a"), stored.add("one", "b"), stored.add("two", "c");
  EXPECT_TRUE(stored.stands("one", {"a", "b"})) << "nothing new";
  EXPECT_FALSE(stored.stands("one", {"a", "b", "new"}));
  EXPECT_TRUE(stored.stands("one", {"a"}));
  EXPECT_TRUE(stored.stands("three", {"b", "new"})) << "it stands in another one";
  EXPECT_FALSE(stored.stands("three", {"new"}));
  ThreadRecord thread;
  thread.key = "slack/C1/1", thread.posts.resize(1), thread.posts[0].key = "1";
  StoredParts posts;
  posts.add("slack:T1/C2/1", "C2/1");
  EXPECT_FALSE(posts.stands(thread)) << "numbers are a channel's own";
  posts.add("slack:T1/C1/1", "C1/1");
  EXPECT_TRUE(posts.stands(thread)) << "also where the list that names the workspace cannot be read";
}

}  // namespace
}  // namespace resident
