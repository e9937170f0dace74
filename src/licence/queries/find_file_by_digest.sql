-- Which licence has these bytes?
SELECT * FROM licence_file WHERE sm3 = $1
