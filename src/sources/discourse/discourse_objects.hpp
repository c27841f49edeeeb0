// Topics and posts of a Discourse forum as records: JSON in, records out, no requests.
#pragma once

#include <map>
#include <sources/json/json_reader.hpp>
#include <string>
#include <vector>

namespace resident::discourse {

struct Category {
  std::string name;            // "Parent / Child"
  bool takes_answers = false;  // the solved plugin is on for it: its topics are questions
  bool is_restricted = false;  // not everybody may read it
};
std::map<std::int64_t, Category> categories(const json::Object& site);

// What of a topic in a list tells that it must be read again; views and likes do not.
std::string list_fingerprint(const json::Object& topic);

// provider: "discourse:HOST". The topic's own fields and the posts it came with.
ThreadRecord topic(const json::Object& object, const std::string& provider, const std::string& origin,
                   const std::map<std::int64_t, Category>& categories);
// Ids of all posts of the topic, in order.
std::vector<std::int64_t> post_ids(const json::Object& topic);
// Adds the posts of a "post_stream": regular ones and moderators'; the forum's own small notices and whispers are
// left out. numbers: post_number → key, for answers.
void posts(const json::Object& holder, const std::string& provider, ThreadRecord& thread,
           std::map<std::int64_t, std::string>& numbers);
// What is known when all posts are there: who began it, which post is the answer.
void finish(const json::Object& topic, const std::map<std::int64_t, std::string>& numbers, ThreadRecord& thread);

}  // namespace resident::discourse
