// What a Repository is made of, for its own files alone (repository.cpp, newest_tree.cpp).
#pragma once

#include <git/graph.hpp>
#include <git/layout.hpp>
#include <git/references.hpp>
#include <git/repository.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident::git {

struct Repository::Parts {
  Layout layout;
  RepositoryOptions options;
  Problems problems;
  ObjectFolders folders;
  FileChanges changes;
  References references;
  CommitGraph graph;
  MessageParser parser;
  std::optional<std::optional<ObjectId>> default_branch;
  std::optional<std::vector<CommitGraph::Index>> brought_by;
  unsigned threads = 1;

  Parts(const std::string& path, RepositoryOptions&& given);

  // Before the whole history is walked.
  void read_ahead() {
    if (!graph.size()) graph.read_ahead(threads);
  }

  const std::optional<ObjectId>& find_default() {
    if (!default_branch) default_branch = references.default_branch(options.default_branch);
    return *default_branch;
  }

  CommitGraph::Index load_default() {
    const auto& id = find_default();
    return id ? graph.load(*id) : CommitGraph::kNone;
  }

  void mark_all(const WalkOptions& walk);
  // The mailmap at that path of the commit's tree; nothing where there is none.
  std::vector<MailmapEntry> mailmap_in(CommitGraph::Index tip, const std::string& path);
  // What each merge of the first-parent line brought, oldest first.
  std::unordered_map<CommitGraph::Index, std::vector<CommitGraph::Index>> brought();

  struct PullBase {
    CommitGraph::Index head = CommitGraph::kNone, base = CommitGraph::kNone;
  };
  PullBase pull_base(const std::string& head_sha);
};

}  // namespace resident::git
