// The mails of one source as they stand, from wherever they come, and what is written of them: series of patches become
// items (patches/), all other mails threads. Both are worked out from all mails together, so it does not matter in
// which order they arrive; only what is new or different is written.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sources/mail/message.hpp>
#include <sources/mail/patches/mail_facts.hpp>
#include <sources/mail/patches/series.hpp>
#include <sources/source.hpp>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace resident::mail {

class MailArchive {
 public:
  explicit MailArchive(std::string location) : location_(std::move(location)) {}
  void set_now(Timestamp now) { now_ = now; }
  // Where a mail's text is asked for that is not kept in memory: by its key and the place given with it. has_all: it
  // can read those of this run, too, so that not all of them need to be kept.
  void read_again_by(std::function<Message(const std::string& key, const std::string& place)> read, bool has_all) {
    read_again_ = std::move(read);
    may_drop_ = has_all;
  }

  // A mail, unless its Message-ID stood before. place: for what is set aside, and to read it again.
  void take(Message&& message, const std::string& place, Writer& writer);
  // What an earlier run drew from a mail.
  void take(MailFacts&& facts, const std::string& place);
  void remove(const std::string& key);
  bool knows(const std::string& key) const { return index_.contains(key); }
  // Mails without a List-Id, from that one on, are of the list that the others of their file are of, or of that name.
  void name_lists(std::size_t first, const std::string& name);
  void set_aside(Writer& writer, const std::string& place, const std::string& reason);
  // A file that cannot be read, or not to its end: nothing that is stored goes in this run, and a thread or series is
  // written anew only where it has all that is stored of it, and more.
  void set_aside_file(Writer& writer, const std::string& place, const std::string& reason);
  bool is_whole() const { return damaged_files_ == 0; }

  std::size_t size() const { return facts_.size(); }
  bool is_empty() const { return facts_.empty() && problems_ == 0; }
  const MailFacts& facts(std::size_t mail) const { return facts_[mail]; }
  const std::string& place(std::size_t mail) const { return places_[mail]; }

  // Writes what is new or different, and takes away what is no more. cursor: for checkpoints on the way.
  void write(Writer& writer, const std::string& cursor);
  // What is missing or was put right, in a sentence.
  std::string coverage() const;

 private:
  std::string body_of(std::size_t mail) const;
  void write_threads(Writer& writer, const std::string& cursor);
  void write_series(Writer& writer, const std::string& cursor);
  ThreadRecord thread_of(const std::string& root, const std::vector<std::size_t>& mails, bool with_text) const;
  std::int64_t number_of(const Series& series, Writer& writer, std::unordered_set<std::int64_t>& taken) const;
  void drop_series(const std::unordered_set<std::int64_t>& current, Writer& writer);

  std::string location_;
  Timestamp now_ = 0;
  std::function<Message(const std::string&, const std::string&)> read_again_;
  bool may_drop_ = false;
  std::vector<MailFacts> facts_;
  std::vector<std::string> places_;
  std::vector<std::optional<std::string>> bodies_;
  std::size_t kept_bytes_ = 0;
  std::unordered_map<std::string, std::size_t> index_;  // by key
  std::vector<bool> in_series_;
  std::optional<Timestamp> last_date_;
  std::size_t since_checkpoint_ = 0;
  long long duplicates_ = 0, attachments_ = 0, undated_ = 0, problems_ = 0, incomplete_ = 0, series_ = 0,
            damaged_files_ = 0;
};

// A list's name from a file's: "python-dev-2020-January.mbox.gz" in the folder python-dev → "python-dev".
std::string list_of_file(const std::string& file, const std::string& location);

}  // namespace resident::mail
