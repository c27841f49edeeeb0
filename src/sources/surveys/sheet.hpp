// Answers to a survey as LimeSurvey, Google Forms and Qualtrics write them to CSV: one row a response, one column a
// question or a part of one. Read here: which form it is, which columns are questions, which are the tool's own, and
// which tell who answered; those last are never handed on. Nothing is guessed about kinds of questions (questions.hpp
// does that).
//
// LimeSurvey: headings are codes (`Q1`, `Q1[SQ001]`, `Q1[other]`), codes with texts ("Q1. How …?") or texts alone;
// comma, semicolon or tab; no submit date: not sent. Google Forms: "Timestamp" (in the form's language) and the
// questions' texts, rows of a grid in brackets; texts may be the same twice. Qualtrics: three lines of headings (codes,
// texts,
// `{"ImportId":…}`; two in old files); Status other than 0 or "IP Address": a preview, test or spam; Finished.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace resident::surveys {

enum class Form { lime_survey, google_forms, qualtrics, plain };
std::string_view name_of(Form form);

struct SheetColumn {
  std::string code;                  // of the question: "Q1"; in Google Forms its text
  std::string part;                  // in brackets or behind the code: "SQ001", "other", a grid's row; "" without
  std::string text;                  // as respondents read it, with the part's; the code where it is not told
  std::vector<std::string> answers;  // one a response, trimmed; "" where there is none
};

struct Sheet {
  Form form = Form::plain;
  std::vector<SheetColumn> columns;  // questions alone
  std::size_t responses = 0;
  std::int64_t unfinished = 0, previews = 0, set_aside = 0;  // rows left out; set_aside: of another width
  std::int64_t private_columns = 0, own_columns = 0;         // columns left out: who it was; the tool's own
};

// what: the file's name, for messages. Throws Error where there is no table in it.
Sheet read_sheet(const std::string& text, const std::string& what);

// Whether a heading asks who somebody is: e-mail, name, address, telephone, account.
bool asks_who(std::string_view heading);

}  // namespace resident::surveys
