// What has been answered before that is like a question: issues and threads of the
// channels that somebody else than the asker replied to, closed ones too, by likeness of
// words. Likeness is no proof that the answer fits. All as of the context's moment; loaded
// once, it answers many questions.
#pragma once

#include <learn/duplicates/similar.hpp>
#include <model/threads.hpp>
#include <string>
#include <vector>

namespace resident {

struct AnsweredThread {
  const ThreadSummary* thread;
  SimilarItem similar;  // score, shared words, passage
};

class AnsweredThreads {
 public:
  // The context, and its connection to the store, are used for as long as this is.
  explicit AnsweredThreads(const Context& context);
  AnsweredThreads(const AnsweredThreads&) = delete;
  AnsweredThreads& operator=(const AnsweredThreads&) = delete;

  // Any thread of the project, answered or not, without its text; null where there is none of that key.
  const ThreadSummary* find(const std::string& key) const;
  // The thread that a question names: by the number of its issue, or by its key; null where it is words. Throws
  // Error{usage} for a number that no issue has.
  const ThreadSummary* asked(const std::string& question) const;
  const People& people() const { return people_; }
  // Best first, without the thread of that key.
  std::vector<AnsweredThread> like(const std::string& title, const std::string& body, const std::string& key,
                                   std::size_t limit);
  // question: a number of an issue, the key of a thread, or words. Throws Error{usage} for a number that no issue has.
  Result result(const Context& context, const std::string& question, std::size_t limit);

 private:
  std::string body_of(const ThreadSummary& thread) const;
  const Context& context_;
  People people_;
  std::vector<ThreadSummary> threads_;
  SimilarItems similar_;
  ReferenceRules references_;
};

}  // namespace resident
