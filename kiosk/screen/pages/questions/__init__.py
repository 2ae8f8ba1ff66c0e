"""One question of the questionnaire on the glass: a sheet for each way of answering."""
