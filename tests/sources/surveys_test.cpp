#include <gtest/gtest.h>

#include <base/error.hpp>
#include <sources/surveys/questions.hpp>

namespace resident::surveys {
namespace {

std::vector<Question> read(const std::string& text, const std::string& codebook = {}) {
  return questions_of(read_sheet(text, "answers.csv"), read_codebook(codebook, "book.toml"));
}
std::string chosen(const Question& question, std::size_t row) {
  std::string text;
  for (const std::size_t option : question.chosen[row]) text += (text.empty() ? "" : "|") + question.options[option];
  return text;
}

// The shape that Qualtrics writes: three lines of headings, previews, unfinished responses, parts by number.
const std::string kQualtrics =
    "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,"
    "RecipientLastName,RecipientEmail,DistributionChannel,UserLanguage,Q1,Q2_1,Q2_2,Q2_2_TEXT,Q3_1,Q3_2,Q1_DO_1\n"
    "Start Date,End Date,Response Type,IP Address,Progress,Duration (in seconds),Finished,Recorded Date,Response ID,"
    "Recipient Last Name,Recipient Email,Distribution Channel,User Language,\"How often,\ndo you contribute?\","
    "Which systems? - Selected Choice - Linux,Which systems? - Selected Choice - Other,Which systems? - Other - Text,"
    "How easy is it? - To build,How easy is it? - To test,How often - Display Order\n"
    "\"{\"\"ImportId\"\":\"\"startDate\"\",\"\"timeZone\"\":\"\"Z\"\"}\",\"{\"\"ImportId\"\":\"\"endDate\"\"}\",\"{"
    "\"\"ImportId\"\":\"\"status\"\"}\","
    "\"{\"\"ImportId\"\":\"\"ipAddress\"\"}\",\"{\"\"ImportId\"\":\"\"progress\"\"}\",\"{\"\"ImportId\"\":"
    "\"\"duration\"\"}\",\"{\"\"ImportId\"\":\"\"finished\"\"}\","
    "\"{\"\"ImportId\"\":\"\"recordedDate\"\"}\",\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":"
    "\"\"recipientLastName\"\"}\","
    "\"{\"\"ImportId\"\":\"\"recipientEmail\"\"}\",\"{\"\"ImportId\"\":\"\"distributionChannel\"\"}\",\"{"
    "\"\"ImportId\"\":\"\"userLanguage\"\"}\","
    "\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2\"\"}\",\"{\"\"ImportId\"\":\"\"QID2\"\"}\",\"{"
    "\"\"ImportId\"\":\"\"QID2_TEXT\"\"}\","
    "\"{\"\"ImportId\"\":\"\"QID3_1\"\"}\",\"{\"\"ImportId\"\":\"\"QID3_2\"\"}\",\"{\"\"ImportId\"\":\"\"QID1_DO\"\"}"
    "\"\n"
    "2024-01-01 10:00:00,2024-01-01 10:05:00,IP Address,192.0.2.1,100,300,True,2024-01-01 "
    "10:05:00,R_1,Stone,ada@example.org,email,EN,Often,Linux,,,Easy,Very easy,1\n"
    "2024-01-01 10:00:00,2024-01-01 10:05:00,0,192.0.2.2,100,300,1,2024-01-01 "
    "10:05:00,R_2,,,anonymous,EN,Never,Linux,Other,\"Plan 9, of course\",Difficult,Easy,1\n"
    "2024-01-01 10:00:00,2024-01-01 10:05:00,Survey Preview,192.0.2.2,100,300,True,2024-01-01 "
    "10:05:00,R_3,,,preview,EN,Never,Linux,,,Easy,Easy,1\n"
    "2024-01-01 10:00:00,2024-01-01 10:05:00,IP Address,192.0.2.2,40,300,False,2024-01-01 "
    "10:05:00,R_4,,,anonymous,EN,Never,,,,,,1\n";

TEST(Surveys, QualtricsHasThreeLinesOfHeadings) {
  const Sheet sheet = read_sheet(kQualtrics, "answers.csv");
  EXPECT_EQ(sheet.form, Form::qualtrics);
  EXPECT_EQ(sheet.responses, 2u);
  EXPECT_EQ(sheet.previews, 1);
  EXPECT_EQ(sheet.unfinished, 1);
  EXPECT_EQ(sheet.private_columns, 3);  // address, name, e-mail
  for (const SheetColumn& column : sheet.columns)
    for (const std::string& answer : column.answers) EXPECT_EQ(answer.find('@'), std::string::npos) << column.code;
  const auto questions = read(kQualtrics);
  ASSERT_EQ(questions.size(), 4u);  // how often, which systems, two of how easy; no text of "other", no order
  EXPECT_EQ(questions[0].title, "How often, do you contribute?");
  EXPECT_EQ(questions[0].kind, Kind::likert);
  EXPECT_EQ(questions[0].options, (std::vector<std::string>{"Never", "Often"}));
  EXPECT_EQ(questions[1].kind, Kind::multiple);
  EXPECT_EQ(questions[1].title, "Which systems?");
  EXPECT_EQ(chosen(questions[1], 0), "Linux");
  EXPECT_EQ(chosen(questions[1], 1), "Linux|Other");
  EXPECT_EQ(questions[2].code, "Q3_1");
  EXPECT_EQ(questions[2].options, (std::vector<std::string>{"Difficult", "Easy"}));
}

// What Qualtrics measures beside the answers, and codes of panels.
TEST(Surveys, TimingAndPanelsAreNoQuestions) {
  const Sheet sheet = read_sheet(
      "Status,t_First Click,t_Click Count,b_Browser,short_id,Q1\nResponse Type,Timing - First Click,Timing - Click "
      "Count,Browser,Please enter your ID,Do you?\n{\"ImportId\":\"a\"},{\"ImportId\":\"b\"},{\"ImportId\":\"c\"},"
      "{\"ImportId\":\"d\"},{\"ImportId\":\"e\"},{\"ImportId\":\"f\"}\n0,1.5,2,Firefox,12345,Yes\n",
      "answers.csv");
  ASSERT_EQ(sheet.columns.size(), 1u);
  EXPECT_EQ(sheet.columns[0].code, "Q1");
  EXPECT_EQ(sheet.own_columns, 4);
  EXPECT_EQ(sheet.private_columns, 1);
}

TEST(Surveys, OldQualtricsHasTwo) {
  const Sheet sheet = read_sheet("ResponseId,Q1\nResponse ID,First choice\nR_1,A\nR_2,B\n", "answers.csv");
  EXPECT_EQ(sheet.form, Form::qualtrics);
  EXPECT_EQ(sheet.responses, 2u);
  ASSERT_EQ(sheet.columns.size(), 1u);
  EXPECT_EQ(sheet.columns[0].text, "First choice");
}

TEST(Surveys, LimeSurveyByCodesWithSemicolons) {
  const std::string text =
      "\xEF\xBB\xBF\"id\";\"submitdate\";\"lastpage\";\"startlanguage\";\"seed\";\"token\";\"ipaddr\";\"Q1\";\"Q2["
      "SQ001]\";\"Q2[SQ002]\";\"Q2[other]\";\"Q3[SQ001]\";\"Q3[SQ002]\";\"Q4\";\"groupTime17\"\n"
      "\"1\";\"2024-01-01 "
      "10:00:00\";\"3\";\"en\";\"12\";\"abc\";\"192.0.2.1\";\"A1\";\"Y\";\"\";\"\";\"A3\";\"A4\";\"It is; mostly, "
      "fine\";\"12.5\"\n"
      "\"2\";\"2024-01-01 "
      "11:00:00\";\"3\";\"en\";\"13\";\"abd\";\"192.0.2.2\";\"A2\";\"Y\";\"Y\";\"abacus\";\"A1\";\"A1\";\"\";\"12.5\"\n"
      "\"3\";\"\";\"1\";\"en\";\"14\";\"abe\";\"192.0.2.3\";\"A2\";\"\";\"\";\"\";\"\";\"\";\"\";\"2.5\"\n";
  const Sheet sheet = read_sheet(text, "answers.csv");
  EXPECT_EQ(sheet.form, Form::lime_survey);
  EXPECT_EQ(sheet.responses, 2u);
  EXPECT_EQ(sheet.unfinished, 1);
  EXPECT_EQ(sheet.private_columns, 2);
  const auto questions = read(text,
                              "[questions.Q1]\nkind = 'single'\nlabels = {A1 = 'Every week', A2 = 'Now and then'}\n"
                              "[questions.Q2]\nlabels = {SQ001 = 'Linux', SQ002 = 'Windows'}\n"
                              "[questions.Q3]\nkind = 'likert'\nlevels = ['A1', 'A2', 'A3', 'A4']\n");
  ASSERT_EQ(questions.size(), 5u);
  EXPECT_EQ(chosen(questions[0], 0), "Every week");
  EXPECT_EQ(questions[1].code, "Q2");
  EXPECT_EQ(questions[1].kind, Kind::multiple);
  EXPECT_EQ(chosen(questions[1], 0), "Linux");
  EXPECT_EQ(chosen(questions[1], 1), "Linux|Windows|other");  // what was written there is not told
  EXPECT_EQ(questions[2].code, "Q3[SQ001]");
  EXPECT_EQ(questions[2].options.size(), 4u);
  EXPECT_EQ(chosen(questions[2], 0), "A3");
  EXPECT_EQ(questions[4].kind, Kind::text);
}

TEST(Surveys, LimeSurveyByCodesAndTexts) {
  const auto questions = read(
      "\"id. Response ID\",\"submitdate. Date submitted\",\"Q1. How often?\",\"Q2[SQ001]. Which systems? [Linux]\","
      "\"Q2[SQ002]. Which systems? [Windows]\"\n1,2024-01-01,Often,Yes,No\n2,2024-01-02,Never,No,No\n");
  ASSERT_EQ(questions.size(), 2u);
  EXPECT_EQ(questions[0].code, "Q1");
  EXPECT_EQ(questions[0].title, "How often?");
  EXPECT_EQ(questions[1].title, "Which systems?");
  EXPECT_EQ(questions[1].options, (std::vector<std::string>{"Linux", "Windows"}));
  EXPECT_EQ(chosen(questions[1], 0), "Linux");
  EXPECT_EQ(chosen(questions[1], 1), "");
}

TEST(Surveys, GoogleFormsHaveTheQuestionsForHeadings) {
  std::string text =
      "Timestamp,Email Address,Which systems?,Which systems?,How do you agree? [It is fast],GitHub handle,Why?\n";
  for (int i = 0; i < 9; ++i)
    text += "2024/01/02 3:04:05 PM GMT+1,ada@example.org," + std::string(i % 3 == 0 ? "\"Linux, Windows\"" : "Linux") +
            ",macOS;Linux," + (i % 2 ? "Agree" : "Strongly disagree") + ",ada,\"since, as I said, number " +
            std::to_string(i) + " is mine\"\n";
  const Sheet sheet = read_sheet(text, "answers.csv");
  EXPECT_EQ(sheet.form, Form::google_forms);
  EXPECT_EQ(sheet.private_columns, 2);
  const auto questions = read(text);
  ASSERT_EQ(questions.size(), 4u);
  EXPECT_EQ(questions[0].kind, Kind::multiple);
  EXPECT_EQ(chosen(questions[0], 0), "Linux|Windows");
  EXPECT_EQ(questions[2].code, "How do you agree?[It is fast]");
  EXPECT_EQ(questions[2].options, (std::vector<std::string>{"Strongly disagree", "Agree"}));
  EXPECT_EQ(questions[3].kind, Kind::text);
}

// In another language the first heading is another word; the moments are moments all the same.
TEST(Surveys, GoogleFormsInOtherLanguages) {
  EXPECT_EQ(read_sheet("Marca temporal,A\n12/01/2024 10:00:00,x\n13/01/2024 10:01:00,y\n", "f").form,
            Form::google_forms);
  EXPECT_EQ(read_sheet("Zeitstempel,A\n12.01.2024 10:00:00,x\n13.01.2024 10:01:00,y\n", "f").form, Form::google_forms);
  EXPECT_EQ(read_sheet("A,B\n1,x\n2,y\n", "f").form, Form::plain);
  EXPECT_EQ(read_sheet("id,survey\n1,x\n2,y\n", "f").form, Form::plain);  // many tables begin with an id
}

// Options may have the separator in them: who knows them is not fooled.
TEST(Surveys, OptionsThatTheCodebookNamesAreNotTornApart) {
  const auto questions =
      read("Timestamp,Tools\n2024/01/01 10:00,\"Editors, such as Vim, Linux\"\n2024/01/01 10:01,Linux\n",
           "[questions.Tools]\nkind = 'multiple'\noptions = ['Editors, such as Vim', 'Linux']\n");
  EXPECT_EQ(chosen(questions[0], 0), "Editors, such as Vim|Linux");
  EXPECT_EQ(questions[0].options.size(), 2u);
}

TEST(Surveys, WhoAnsweredIsNeverHandedOn) {
  for (const char* heading : {"E-Mail", "Your name", "Full name", "GitHub username", "Phone number", "IP Address",
                              "attribute_1", "RecipientFirstName", "LocationLatitude", "token"})
    EXPECT_TRUE(asks_who(heading)) << heading;
  for (const char* heading : {"Which module names are unclear?", "How do you name things?", "Q1", "Do you use mail?",
                              "How much do poor tools (calls, e-mails and the like) hold you up?"})
    EXPECT_FALSE(asks_who(heading)) << heading;
  // By what stands in it, whatever the heading says.
  const Sheet sheet = read_sheet("A,B\nada@example.org,1\nbob@example.org,2\nno,3\n", "f");
  EXPECT_EQ(sheet.private_columns, 1);
  ASSERT_EQ(sheet.columns.size(), 1u);
  EXPECT_EQ(sheet.columns[0].code, "B");
}

TEST(Surveys, BadInputIsSaid) {
  EXPECT_THROW(read_sheet("", "f"), Error);
  EXPECT_THROW(read("A,B\n1,2\n", "stratum = 'C'\n"), Error);
  EXPECT_THROW(read_codebook("strata = 3", "b"), Error);
  EXPECT_THROW(read_codebook("[strata]\nOften = 'cores'", "b"), Error);
  EXPECT_THROW(read_codebook("[questions.A]\nkind = 'likret'", "b"), Error);
  EXPECT_THROW(read_codebook("[margins.A]\nx = -1", "b"), Error);
  EXPECT_THROW(read_codebook("colour = 'red'", "b"), Error);
  EXPECT_EQ(read_sheet("A,B\n1,2\n3\n", "f").set_aside, 1);
}

}  // namespace
}  // namespace resident::surveys
