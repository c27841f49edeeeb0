// Any bytes as a commit message, a commit object, a mailmap and a path: nothing
// crashes, and all text that comes out is valid and bounded.
#include <base/mailmap.hpp>
#include <base/text.hpp>
#include <cstdint>
#include <cstdlib>
#include <git/file_changes.hpp>
#include <git/message.hpp>
#include <git/raw_commit.hpp>

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void require_clean(const std::string& text, std::size_t limit) {
  require(resident::is_clean_text(text));
  require(text.size() <= limit + 8);
}

void require_sound(const resident::git::Signature& signature) {
  require_clean(signature.name, resident::git::kMaxName);
  require_clean(signature.email, resident::git::kMaxName);
  require(signature.time >= 0 && signature.time <= 253402300799);
  require(signature.zone_minutes > -1440 && signature.zone_minutes < 1440);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace resident::git;
  static const MessageParser parser;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const Message message = parser.parse(text);
  require_clean(message.subject, kMaxSubject);
  require_clean(message.body, kMaxBody);
  require(message.trailers.size() <= kMaxTrailers);
  require(message.marks.size() <= kMaxTrailers);
  for (const auto* list : {&message.trailers, &message.marks})
    for (const Trailer& trailer : *list)
      for (const std::string* part : {&trailer.token, &trailer.value, &trailer.name, &trailer.email})
        require_clean(*part, kMaxSubject);
  for (const auto* numbers : {&message.pull_numbers, &message.fixes, &message.mentions})
    for (const std::int64_t number : *numbers) require(number > 0);

  const RawCommit commit = parse_commit(text);
  require_sound(commit.author);
  require_sound(commit.committer);
  require(resident::is_clean_text(commit.message));
  const CommitHeader header = parse_commit_header(text);
  require(header.parents == commit.header.parents && header.tree == commit.header.tree);

  for (const resident::MailmapEntry& entry : resident::parse_mailmap(text))
    for (const std::string* part : {&entry.name, &entry.email, &entry.real_name, &entry.real_email})
      require_clean(*part, kMaxName);
  require_clean(path_text(text), kMaxPath);
  return 0;
}
