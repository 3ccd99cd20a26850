"""The forenames, surnames and nicknames that invented residents draw from.

Pools are written by hand, most frequent first, from general knowledge of the yearly lists of baby
names (ONS, *Baby names in England and Wales*) and of common surnames in each community; only the
order matters, for `names` turns rank into frequency.
"""

from __future__ import annotations

# British forenames by the first year of a birth cohort: (male, female).
BRITISH: dict[int, tuple[str, str]] = {
    1900: (
        "John William George James Ronald Robert Kenneth Frederick Thomas Albert Eric Edward "
        "Arthur Charles Leslie Sidney Frank Harold Dennis Joseph Ernest Stanley Norman Raymond "
        "Leonard Walter Henry Alfred Donald Reginald Roy Peter Jack Geoffrey Douglas Bernard "
        "Gordon Cyril Derek Maurice Victor Percy Herbert Francis Philip Richard Horace Ralph "
        "Basil Clifford",
        "Mary Margaret Joan Doris Dorothy Kathleen Irene Betty Eileen Joyce Elsie Edna "
        "Florence Phyllis Hilda Vera Marjorie Winifred Gladys Edith Ivy Audrey Barbara Sheila "
        "Jean Muriel Beryl Peggy Alice Annie Elizabeth Evelyn Lilian Ethel Nora Freda Mavis "
        "Rose Ruby Olive Marion Patricia Nancy Constance Stella Ellen Daphne Hazel Brenda "
        "Queenie",
    ),
    1935: (
        "John David Michael Peter Robert Anthony Brian Alan William James Richard Kenneth "
        "Roger Keith Colin Christopher Raymond Thomas Terence Barry Derek Roy Graham George "
        "Malcolm Geoffrey Ronald Donald Dennis Trevor Patrick Edward Norman Gordon Stephen "
        "Philip Clive Rodney Ian Gerald Maurice Eric Charles Frank Leonard Douglas Francis "
        "Frederick Bernard Stuart Neil Leslie Victor Ernest Desmond",
        "Margaret Patricia Christine Mary Jean Ann Susan Janet Maureen Barbara Valerie Carol "
        "Sandra Pauline Elizabeth Joan Pamela Jennifer Kathleen Sheila Anne Brenda Gillian "
        "Linda Jacqueline Dorothy Shirley Joyce Marion Judith Eileen June Doreen Rosemary "
        "Josephine Marilyn Irene Beryl Betty Wendy Sylvia Yvonne Frances Hazel Lesley Helen "
        "Rita Ruth Diana Norma Audrey Angela Theresa Hilary",
    ),
    1955: (
        "David Paul Stephen Mark Michael Andrew Ian Peter Robert John Kevin Gary Christopher "
        "Neil Alan Anthony Philip Martin Simon Richard Steven Nigel Graham Keith Timothy Colin "
        "James Jonathan Adrian Stuart William Nicholas Brian Barry Trevor Carl Darren Dean "
        "Russell Wayne Thomas Patrick Jeremy Terence Kenneth Geoffrey Raymond Malcolm Clive "
        "Shaun Glenn Roger Julian Howard Duncan",
        "Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Tracy Angela "
        "Sarah Alison Caroline Amanda Sandra Linda Catherine Elizabeth Carol Joanne Wendy "
        "Janet Dawn Christine Nicola Patricia Gillian Lesley Lorraine Anne Jill Debra Elaine "
        "Maria Beverley Teresa Mandy Lynn Heather Maxine Paula Yvonne Denise Louise Jayne "
        "Margaret Kim Theresa Fiona Michelle Lynne Cheryl Gail Annette",
    ),
    1975: (
        "Christopher James Matthew Andrew Daniel Paul David Mark Lee Michael Richard Craig "
        "Robert Stephen Ben Adam Stuart Simon Jonathan Steven Ryan Thomas Benjamin John "
        "Anthony Philip Luke Gareth Scott Jamie Darren Ian Kevin Peter Joseph Neil Nicholas "
        "Dean Martin Alexander Carl Robin William Samuel Edward Liam Nathan Ashley Shaun Marc "
        "Karl Gavin Aaron Alan Timothy Oliver Wayne Sean",
        "Sarah Claire Nicola Emma Lisa Joanne Michelle Helen Samantha Karen Laura Rebecca "
        "Louise Victoria Amanda Kelly Rachel Julie Clare Sharon Tracy Amy Gemma Lucy Catherine "
        "Katherine Hayley Donna Alison Kerry Natalie Jennifer Zoe Leanne Lindsey Charlotte "
        "Hannah Jane Melanie Katie Kathryn Stephanie Anna Elizabeth Caroline Stacey Kirsty "
        "Tara Angela Danielle Jessica Holly Vicky Cheryl Lorna Heidi Ruth",
    ),
    1992: (
        "Jack Thomas James Joshua Daniel Matthew Samuel Joseph Callum Luke William Ryan Jordan "
        "Lewis Benjamin Connor Adam Liam Harry Alexander Jake George Jacob Nathan Oliver "
        "Bradley Michael Kieran Charlie Ben Aaron Robert Cameron Christopher Edward Jamie Kyle "
        "David Reece Elliot Max Dominic Toby Rhys Owen Brandon Sean Declan Tyler Zachary Sam "
        "Henry Alfie Louis Josh",
        "Jessica Lauren Rebecca Chloe Emily Sophie Charlotte Hannah Amy Megan Bethany Emma "
        "Katie Lucy Georgia Laura Holly Olivia Abigail Eleanor Rachel Jade Danielle Molly "
        "Alice Ellie Grace Samantha Natasha Paige Elizabeth Courtney Sarah Shannon Natalie Zoe "
        "Victoria Nicole Amber Caitlin Leah Jodie Ella Harriet Alexandra Kayleigh Isabelle "
        "Poppy Georgina Anna Rosie Daisy Melissa Phoebe Francesca",
    ),
    2006: (
        "Oliver George Jack Harry Noah Charlie Oscar Leo Arthur Alfie Thomas Jacob Freddie "
        "James William Archie Joshua Theo Henry Ethan Isaac Lucas Logan Max Alexander Samuel "
        "Edward Joseph Mason Harrison Daniel Finley Benjamin Sebastian Teddy Tommy Elijah "
        "Dylan Riley Toby Louie Reuben Albie Jude Rory Hugo Luca Zachary Frederick Stanley "
        "Arlo Luke Roman Ollie Jaxon",
        "Olivia Amelia Isla Emily Ava Lily Mia Ella Sophia Isabella Grace Poppy Freya Evie "
        "Charlotte Sienna Daisy Florence Willow Phoebe Sophie Evelyn Ivy Ruby Alice Matilda "
        "Rosie Elsie Jessica Millie Erin Harper Aria Maisie Layla Esme Eva Scarlett Imogen "
        "Thea Bella Chloe Lola Holly Molly Eliza Summer Lottie Penelope Martha Violet Luna "
        "Robyn Annabelle Darcie",
    ),
}

# Other communities: (male, female) forenames, most frequent first.
FORENAMES: dict[str, tuple[str, str]] = {
    "irish": (
        "Patrick Michael John James Thomas Sean Kevin Brendan Liam Declan Gerard Desmond "
        "Kieran Eamonn Dermot Noel Joseph Martin Conor Brian Aidan Eoin Ciarán Cormac Seán "
        "Fergus Niall Daniel Padraig Terence",
        "Mary Bridget Kathleen Margaret Eileen Theresa Maureen Bernadette Nora Siobhan Sinead "
        "Anne Josephine Breda Carmel Sheila Philomena Sinéad Aoife Niamh Róisín Deirdre Ciara "
        "Gráinne Catherine Geraldine Noreen Una Patricia Ita",
    ),
    "european": (
        "Piotr Andrzej Tomasz Krzysztof Marcin Paweł Michał Łukasz Jan Marek Adam Grzegorz "
        "Jakub Mateusz Stanisław Zbigniew Józef Kazimierz Andrei Ion Alexandru Mihai Ștefan "
        "Florin Cristian João José Manuel António Pedro Giuseppe Giovanni Antonio Salvatore "
        "Jonas Mindaugas Darius Jānis László István Dimitar Georgi Ivan Hans Klaus Jürgen "
        "François Pierre",
        "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Magdalena "
        "Joanna Aleksandra Zofia Monika Jadwiga Teresa Irena Halina Elena Ioana Mihaela "
        "Andreea Cristina Gabriela Conceição Fátima Inês Ana Concetta Giovanna Rosa Carmela "
        "Rasa Daiva Agnė Inga Ilona Katalin Desislava Ivanka Ursula Renate Brigitte Hélène Zoë "
        "Françoise",
    ),
    "indian": (
        "Harjit Gurpreet Balbir Rajinder Amarjit Jaswinder Sukhdev Manjit Kulwant Harbhajan "
        "Rajesh Sanjay Anil Suresh Ramesh Vijay Ashok Sunil Dilip Kirit Mohan Arjun Rohan Amit "
        "Nikhil Ravi Deepak Jagdish Surinder Avtar Parminder Karan Aarav Vivaan Jaspal Thomas "
        "Jose Mathew",
        "Kulwinder Harjinder Surjit Manjit Balvinder Gurmit Jaswinder Rajinder Paramjit "
        "Sukhwinder Sunita Meena Anita Rekha Usha Kamla Pushpa Asha Priya Nisha Pooja Kavita "
        "Shanti Lata Jyoti Bhavna Hansa Neha Simran Jasmin Navdeep Kiran Ananya Diya Mary "
        "Annamma Sheela Reena",
    ),
    "south_asian_muslim": (
        "Mohammed Muhammad Mohammad Ahmed Ali Abdul Imran Tariq Asif Khalid Shahid Nasir Zahid "
        "Javed Iqbal Arshad Rashid Mahmood Hassan Hussain Bilal Usman Hamza Ibrahim Yusuf Zain "
        "Adeel Faisal Kashif Waseem Shabir Ghulam Mohamed Syed Amir Haroon Saleem Aziz Rafiq "
        "Zubair",
        "Fatima Ayesha Shazia Nasreen Parveen Samina Rukhsana Zahida Shabana Saima Yasmin "
        "Shaheen Tahira Khadija Maryam Zainab Aisha Hafsa Amina Sadia Nazia Rehana Farzana "
        "Tasleem Nargis Bushra Robina Kausar Naseem Safia Rubina Sumaira Noreen Begum Hina "
        "Iqra Zara Halima",
    ),
    "african": (
        "Emmanuel Samuel David Daniel Joseph Michael Kofi Kwame Oluwaseun Babatunde Adebayo "
        "Chukwuma Emeka Ifeanyi Olumide Tendai Tatenda Farai Blessing Kwabena Yaw Ibrahim "
        "Abdullahi Segun Tunde Chinedu Ayodele Simba Themba Mohamed Abdi Yusuf Peter Paul",
        "Grace Blessing Mary Esther Comfort Patience Ngozi Chioma Funmilayo Folake Adaeze "
        "Abena Akua Ama Yetunde Temitope Precious Tsitsi Rumbidzai Chipo Nyasha Fatou Amina "
        "Hodan Ruth Sarah Faith Mercy Joy Ifeoma Oluwakemi Titilayo Rutendo Elizabeth",
    ),
    "chinese": (
        "Wei Ming Kwok Chi Wai Kin Man Jun Hao Jian Lei Yong Chun Wing Ho Siu Tak Kai Yiu "
        "Peter David Kevin Raymond Michael Jason Henry Tony Alan Eric Andy Daniel",
        "Mei Li Yan Ling Xiu Ying Fang Hui Siu Yuk Lai Suk Wai Man Jing Xin Yi Na Ping Mary "
        "Susan Grace Amy Jenny Helen Nancy Alice Fiona Winnie Joyce Vivian",
    ),
}

SURNAMES: dict[str, str] = {
    "irish": (
        "Murphy Kelly O'Sullivan Walsh O'Brien Byrne Ryan O'Connor O'Neill O'Reilly Doyle "
        "McCarthy Gallagher Doherty Kennedy Lynch Murray Quinn Moore McLaughlin Carroll "
        "Connolly Daly Wilson Dunne Brennan Burke Collins Clarke Johnston Hughes O'Farrell "
        "Fitzgerald Brown Martin Maguire Nolan Flynn Thompson O'Callaghan O'Donnell Duffy "
        "Mahony Boyle Healy O'Shea White Sweeney Hayes Kavanagh Power McGrath Moran Brady "
        "Stewart Casey Foley Fitzpatrick O'Leary McDonnell MacMahon Donnelly Regan Donovan "
        "Burns Flanagan Mullan Barry Kane Robinson Cunningham Griffin Kenny Sheehan Ward "
        "Whelan Lyons Reid Graham Higgins Cullen Keane King Maher MacKenna Bell Scott Hogan "
        "O'Keeffe Magee MacNamara MacDonald MacDermott Moloney O'Rourke Buckley O'Dwyer"
    ),
    "european": (
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański "
        "Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski "
        "Grabowski Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski "
        "Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Pawlak Górski Sikora Walczak "
        "Baran Rutkowski Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Rusu Munteanu "
        "Matei Constantin Șerban Moldovan Silva Santos Ferreira Pereira Oliveira Costa "
        "Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques Araújo Rossi Russo "
        "Ferrari Esposito Bianchi Romano Colombo Ricci Marino Kazlauskas Jankauskas Petrauskas "
        "Stankevičius Bērziņš Kalniņš Nagy Kovács Tóth Szabó Horváth Ivanov Georgiev Dimitrov "
        "Müller Schmidt Schneider Fischer Weber Becker Dubois Laurent Lefèvre García Martínez "
        "López Papadopoulos Georgiou Andreou De_Souza Van_Dijk"
    ),
    "indian": (
        "Singh Kaur Patel Sharma Shah Gill Sandhu Dhillon Sidhu Kumar Bains Johal Grewal "
        "Dhaliwal Chahal Atwal Mann Rai Bhogal Sahota Gupta Mistry Desai Joshi Mehta Parmar "
        "Chauhan Solanki Rao Reddy Nair Menon Thomas Mathew Varghese George Philip Iyer "
        "Banerjee Chatterjee Das Dutta Ghosh Sen Basra Bhatti Uppal Virdee Sehmi Matharu "
        "Panesar Hayer Sangha Mahal Purewal Randhawa Samra Cheema Aujla Deol Kang Khaira Lalli "
        "Nijjar Pannu Sohal Thandi Toor Bhatt Trivedi Vyas Pandya Gandhi Kapoor Malhotra "
        "Khanna Chopra Verma Mishra Pillai Kurian Joseph Jacob"
    ),
    "south_asian_muslim": (
        "Khan Hussain Ahmed Ali Akhtar Begum Bibi Mahmood Iqbal Malik Shah Mirza Rashid Aziz "
        "Rehman Chaudhry Butt Qureshi Sheikh Raja Mohammed Hassan Hussein Miah Uddin Rahman "
        "Islam Khatun Chowdhury Choudhury Khatoon Siddique Siddiqui Ashraf Aslam Anwar Arshad "
        "Bashir Javed Kauser Latif Majid Nawaz Parveen Rafiq Riaz Saleem Sarwar Shabir Shafiq "
        "Sultan Tariq Yaqoob Younis Yousaf Zaman Haider Hanif Hamid Ismail Jamil Kazmi Khalid "
        "Mughal Munir Naz Nazir Qadir Raza Sadiq Saeed Sajid Sharif Syed Alam Haque Hoque "
        "Karim Kamal Ullah Zafar Bukhari Abbasi"
    ),
    "african": (
        "Mensah Owusu Osei Boateng Asante Appiah Adjei Amoah Agyeman Okafor Okeke Adeyemi "
        "Adebayo Okonkwo Eze Obi Balogun Ojo Olawale Afolabi Akande Bello Ibrahim Abubakar "
        "Nwosu Nwachukwu Onyeka Chukwu Ogunleye Oyelaran Moyo Ncube Sibanda Dube Ndlovu Mutasa "
        "Chikwanha Marufu Banda Phiri Mwangi Kamau Otieno Njoroge Odhiambo Mohamed Abdi Hassan "
        "Ali Warsame Farah Jalloh Kamara Sesay Conteh Bangura Koroma Diallo Camara Ceesay "
        "Tesfaye Haile Kabongo Mbeki Nkosi"
    ),
    "chinese": (
        "Chan Wong Li Chen Cheung Lee Lam Wang Zhang Liu Ng Leung Ho Lau Yang Yip Tang Chow "
        "Tsang Cheng Wu Huang Lin Zhao Zhou Xu Sun Ma Zhu Hu Guo Kwok Fung Mak Yeung Choi Poon "
        "Tse Lo Law Kwan Chung Siu Au Hui Ip Kong Man Pang Tam Tan Teo Goh Ong Koh Toh Yap "
        "Nguyen Tran Pham"
    ),
}

# Elements of English place-names, from which most of the long tail of English surnames comes.
PLACE_FIRST = (
    "Ash Ald Ambers Arn Bad Bar Bax Beck Bent Bick Birch Black Blax Brad Bram Bran Brock Brom Bur "
    "Cald Cars Chad Charl Chat Clay Clif Clop Col Comp Cop Cran Craw Cros Dal Dan Den Dod Dray "
    "Dud Dun East Eck El Ever Fair Far Fen Field Fox Gals Gar God Grafs Green Had Hal Ham Hamp "
    "Har Has Hath Hazel Hedge Hen Hin Hol Hor Hub Hunt Ing Kem Kid Kings Lang Lin Lit Long Lud "
    "Mal Mar Mid Mil Mor Net New Nor Oak Old Ot Over Ox Pax Pem Pen Pick Pres Rad Rams Red Rip "
    "Rod Rush Sal Sand Sax Sed Shel Ship Skel Smeth Spar Stan Staple Stock Strat Sud Sut Swin Tap "
    "Thorn Thur Tib Til Up Wad Wal War Wat Web Wel West Whit Wick Wil Win Wood Wor Wy Yar"
).split()
PLACE_LAST = (
    "ton ley ford ham worth well don field wood by combe wick stead croft bourne hurst shaw gate "
    "land hill more bridge brook cott"
).split()

# Everyday forms of formal forenames; the first is the commonest.
NICKNAMES: dict[str, str] = {
    "Abigail": "Abbie", "Albert": "Bert", "Alexander": "Alex Sandy", "Alexandra": "Alex Sandra",
    "Alfred": "Alf Fred", "Amanda": "Mandy", "Andrew": "Andy Drew", "Angela": "Angie",
    "Anthony": "Tony", "Archie": "Arch", "Barbara": "Barb Babs", "Benjamin": "Ben",
    "Bernard": "Bernie", "Beverley": "Bev", "Bradley": "Brad", "Bridget": "Bridie",
    "Caroline": "Carol Caz", "Catherine": "Cath Kate Cathy", "Charles": "Charlie Chas",
    "Charlotte": "Charlie Lottie", "Christine": "Chris Chrissie", "Christopher": "Chris",
    "Clifford": "Cliff", "Constance": "Connie", "Daniel": "Dan Danny", "David": "Dave Davy",
    "Deborah": "Debbie Deb", "Derek": "Del", "Dominic": "Dom", "Donald": "Don",
    "Dorothy": "Dot Dolly Dottie", "Douglas": "Doug", "Edward": "Ted Eddie Ed", "Eileen": "Ei",
    "Eleanor": "Ellie Nell", "Elizabeth": "Liz Betty Beth Lizzie", "Elsie": "Else",
    "Ernest": "Ernie", "Florence": "Flo Florrie", "Francesca": "Fran", "Frances": "Fran",
    "Francis": "Frank", "Frederick": "Fred Freddie", "Geoffrey": "Geoff", "George": "Georgie",
    "Georgina": "Georgie Gina", "Gerald": "Gerry", "Gillian": "Gill Jill", "Gladys": "Glad",
    "Gordon": "Gord", "Gregory": "Greg", "Gurpreet": "Gopi", "Harold": "Harry", "Harriet": "Hattie",
    "Henry": "Harry", "Irene": "Rene", "Isabella": "Bella", "Jacob": "Jake",
    "Jacqueline": "Jackie Jacqui", "James": "Jim Jimmy Jamie", "Janet": "Jan",
    "Jennifer": "Jenny Jen", "Jessica": "Jess", "Joanne": "Jo", "John": "Jack Johnny",
    "Jonathan": "Jon Jonny",
    "Joseph": "Joe", "Josephine": "Jo Josie", "Joshua": "Josh", "Joyce": "Joy", "Judith": "Judy",
    "Katarzyna": "Kasia", "Katherine": "Kate Kath Katie", "Kathleen": "Kath Kathy", "Keith": "Kei",
    "Kenneth": "Ken Kenny", "Kevin": "Kev", "Lawrence": "Larry", "Leonard": "Len Lenny",
    "Leslie": "Les", "Lilian": "Lil Lily", "Linda": "Lin", "Malcolm": "Mal", "Margaret":
    "Maggie Peggy Marge Meg", "Marjorie": "Marge", "Martin": "Marty", "Mary": "Molly May",
    "Matthew": "Matt", "Maureen": "Mo", "Megan": "Meg", "Michael": "Mick Mike", "Michał": "Michael",
    "Mohammed": "Mo Mohd", "Muhammad": "Mohammed", "Natalie": "Nat", "Nathan": "Nate",
    "Nicholas": "Nick", "Nicola": "Nicky", "Norman": "Norm", "Oliver": "Ollie", "Pamela": "Pam",
    "Patricia": "Pat Trish", "Patrick": "Pat Paddy", "Paweł": "Paul", "Peter": "Pete",
    "Philip": "Phil", "Phyllis": "Phyl", "Piotr": "Peter", "Raymond": "Ray", "Rebecca": "Becky",
    "Reginald": "Reg", "Richard": "Dick Rick Richie", "Robert": "Bob Rob Bobby",
    "Ronald": "Ron Ronnie", "Rosemary": "Rose Rosie", "Russell": "Russ", "Samantha": "Sam",
    "Samuel": "Sam", "Sandra": "Sandy", "Sidney": "Sid", "Stanley": "Stan", "Stephanie": "Steph",
    "Stephen": "Steve", "Steven": "Steve", "Stuart": "Stu", "Susan": "Sue", "Terence": "Terry",
    "Theresa": "Terri Tess", "Thomas": "Tom Tommy", "Timothy": "Tim", "Valerie": "Val",
    "Victor": "Vic", "Victoria": "Vicky", "Vincent": "Vince", "Walter": "Wally",
    "William": "Bill Will Billy", "Winifred": "Win Winnie", "Zachary": "Zac",
}  # fmt: skip
